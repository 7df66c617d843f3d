using System.Globalization;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>The resources that a job requests from the cluster.</summary>
/// <param name="MemoryBytes">Memory of the whole job; null: the cluster's default.</param>
/// <param name="Time">Wall time; null: the cluster's default.</param>
/// <param name="Threads">Processors.</param>
internal sealed record JobRequest(long? MemoryBytes, TimeSpan? Time, int Threads)
{
    private const long BytesPerMegabyte = 1L << 20;

    /// <summary>The options of sbatch.</summary>
    public IEnumerable<string> Options()
    {
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={Threads}");
        if (MemoryBytes is { } bytes)
            yield return string.Create(CultureInfo.InvariantCulture, $"--mem={(bytes + BytesPerMegabyte - 1) / BytesPerMegabyte}M");
        if (Time is { } time)
            yield return "--time=" + SlurmTimeOf(time);
    }

    /// <summary>The request as a round's record has it.</summary>
    public JobResources ToResources() =>
        new()
        {
            MemoryBytes = MemoryBytes,
            Time = Time,
            Threads = Threads,
        };

    /// <summary>Requests that the partition can never satisfy, one sentence each.</summary>
    public IEnumerable<string> Problems(PartitionLimits limits)
    {
        if (limits.Closed is { } state)
            yield return $"Partition {limits.Name} is {state}: nothing starts there. Choose another --partition.";
        if (Time > limits.MaxTime)
            yield return $"--time {SlurmTimeOf(Time.Value)} is more than partition {limits.Name} allows "
                + $"({SlurmTimeOf(limits.MaxTime.Value)}): give less, cut smaller jobs (--target-time), or choose another --partition.";
        if (MemoryBytes > limits.MaxMemoryBytes)
            yield return $"A job needs {MemoryBytes / BytesPerMegabyte:N0} MB and a node of partition {limits.Name} has at most "
                + $"{limits.MaxMemoryBytes / BytesPerMegabyte:N0} MB: give fewer --cpus-per-task, or choose another --partition.";
        if (Threads > limits.MaxProcessors)
            yield return $"--cpus-per-task {Threads} is more than the largest node of partition {limits.Name} has "
                + $"({limits.MaxProcessors}).";
    }

    private static string SlurmTimeOf(TimeSpan time) => HpcFit.Coordinator.Launching.Slurm.Client.SlurmTime.Format(time);
}
