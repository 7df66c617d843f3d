using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Planning;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// What jobs ask the cluster for, from what the probe measured. A kill costs more than a margin: what is asked for in vain is lost only
/// while the job runs.
/// </summary>
internal static class ResourceEstimates
{
    private const long Megabyte = 1L << 20;
    private const double MemoryMargin = 1.5;
    private const long MinMemory = 500 * Megabyte;
    private const double TimeMargin = 3;
    private const long AdvanceMemory = 800 * Megabyte;

    /// <summary>Bytes of an element while results are merged and written: a few columns and their ranks.</summary>
    private const long MergeBytesPerElement = 64;

    private static readonly TimeSpan MinTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StartOfNode = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AdvanceTime = TimeSpan.FromHours(1);

    /// <summary>What a job asks for.</summary>
    /// <param name="forecast">The round's.</param>
    /// <param name="threads">Threads of a worker.</param>
    /// <param name="memoryBytes"><c>--mem</c>; null: the probe's word with a margin.</param>
    /// <param name="time"><c>--time</c>; null: the probe's word with a margin, and no more than the partition has.</param>
    /// <param name="limits">The partition.</param>
    public static JobRequest OfJob(Forecast forecast, int threads, long? memoryBytes, TimeSpan? time, PartitionLimits limits)
    {
        var longest = forecast.LongestJob;
        var wanted = TimeSpan.FromMinutes(Math.Ceiling(Math.Max(MinTime.TotalMinutes, (longest * TimeMargin + StartOfNode).TotalMinutes)));
        // Cut down to the partition's limit as long as the job is still expected to fit; beyond that the user is told.
        if (wanted > limits.MaxTime && longest < limits.MaxTime)
            wanted = limits.MaxTime.Value;
        return new(memoryBytes ?? Memory(forecast.BytesPerWorker, limits), time ?? wanted, threads);
    }

    /// <summary>What the jobs that advance the run ask for.</summary>
    /// <param name="elements">Elements of the run.</param>
    /// <param name="threads">Threads that compress.</param>
    /// <param name="limits">The partition.</param>
    public static JobRequest OfAdvance(long elements, int threads, PartitionLimits limits) =>
        new(
            Math.Min(RoundedUp(AdvanceMemory + (elements * MergeBytesPerElement)), limits.MaxMemoryBytes ?? long.MaxValue),
            limits.MaxTime < AdvanceTime ? limits.MaxTime : AdvanceTime,
            threads
        );

    private static long Memory(long predicted, PartitionLimits limits)
    {
        var wanted = Math.Max(MinMemory, RoundedUp((long)(predicted * MemoryMargin)));
        return wanted > limits.MaxMemoryBytes && predicted < limits.MaxMemoryBytes ? limits.MaxMemoryBytes.Value : wanted;
    }

    private static long RoundedUp(long bytes) => (bytes + (100 * Megabyte) - 1) / (100 * Megabyte) * (100 * Megabyte);
}
