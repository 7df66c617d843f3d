using HpcFit.Coordinator.Launching.Batch;

namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>
/// The limits of the partitions in which a job may run; of several partitions the largest: Slurm starts the job where it fits.
/// </summary>
internal sealed record PartitionLimits : QueueLimits
{
    /// <summary>Hosts from which jobs may be submitted, as Slurm writes them; null: all.</summary>
    public string? SubmitHosts { get; init; }

    /// <summary>Why nothing starts there (<c>DOWN</c>, <c>DRAIN</c>, <c>INACTIVE</c>); null: it is up.</summary>
    public string? Closed { get; init; }
}
