namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>A cluster's limits for one user.</summary>
internal sealed record ClusterLimits
{
    /// <summary>Array indices must be below it; Slurm's default.</summary>
    public int MaxArraySize { get; init; } = 1001;

    /// <summary>Maximum number of jobs in the queue of the whole cluster, each task counted.</summary>
    public int MaxJobCount { get; init; } = 10_000;

    /// <summary>Maximum number of this user's jobs in the queue, each task counted; null: no limit, or unknown.</summary>
    public int? MaxSubmitJobs { get; init; }

    /// <summary>The partition.</summary>
    public required PartitionLimits Partition { get; init; }
}
