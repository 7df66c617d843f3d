using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// Memory and wall time that jobs request from the cluster, from what the probe measured. The margins are generous: a killed job costs
/// more than unused memory or time.
/// </summary>
internal static class ResourceEstimates
{
    private const long Megabyte = 1L << 20;
    private const double MemoryMargin = 1.5;
    private const long MinMemory = 500 * Megabyte;
    private const double TimeMargin = 3;
    private const long AdvanceMemory = 800 * Megabyte;

    /// <summary>Memory per element while results are merged and written: a few columns and their ranks.</summary>
    private const long MergeBytesPerElement = 64;

    private static readonly TimeSpan MinTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NodeBootTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AdvanceTime = TimeSpan.FromHours(1);

    /// <summary>The request of a job.</summary>
    /// <param name="forecast">The forecast of its round.</param>
    /// <param name="threads">Threads of a worker.</param>
    /// <param name="memoryBytes"><c>--mem</c>; null: the forecast with a margin.</param>
    /// <param name="time"><c>--time</c>; null: the forecast with a margin, at most the queue's limit.</param>
    /// <param name="limits">The queue.</param>
    public static JobResources ForJob(Forecast forecast, int threads, long? memoryBytes, TimeSpan? time, QueueLimits limits)
    {
        var longest = forecast.LongestJob;
        var wanted = TimeSpan.FromMinutes(Math.Ceiling(Math.Max(MinTime.TotalMinutes, (longest * TimeMargin + NodeBootTime).TotalMinutes)));
        // Reduced to the queue's limit if the job is still expected to fit; otherwise the request is refused with a message.
        if (wanted > limits.MaxTime && longest < limits.MaxTime)
            wanted = limits.MaxTime.Value;
        return new()
        {
            MemoryBytes = memoryBytes ?? Memory(forecast.BytesPerWorker, limits),
            Time = time ?? wanted,
            Threads = threads,
        };
    }

    /// <summary>The request of the jobs that advance the run.</summary>
    /// <param name="elements">Elements of the run.</param>
    /// <param name="threads">Threads that compress.</param>
    /// <param name="limits">The queue.</param>
    public static JobResources ForAdvance(long elements, int threads, QueueLimits limits) =>
        new()
        {
            MemoryBytes = Math.Min(RoundedUp(AdvanceMemory + (elements * MergeBytesPerElement)), limits.MaxMemoryBytes ?? long.MaxValue),
            Time = limits.MaxTime < AdvanceTime ? limits.MaxTime : AdvanceTime,
            Threads = threads,
        };

    private static long Memory(long predicted, QueueLimits limits)
    {
        var wanted = Math.Max(MinMemory, RoundedUp((long)(predicted * MemoryMargin)));
        return wanted > limits.MaxMemoryBytes && predicted < limits.MaxMemoryBytes ? limits.MaxMemoryBytes.Value : wanted;
    }

    private static long RoundedUp(long bytes) => (bytes + (100 * Megabyte) - 1) / (100 * Megabyte) * (100 * Megabyte);
}
