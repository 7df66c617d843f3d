namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>What a cluster takes from one user.</summary>
internal sealed record ClusterLimits
{
    /// <summary>Slurm's own default; array indices stay below it.</summary>
    public int MaxArraySize { get; init; } = 1001;

    /// <summary>Jobs in the queue of the whole cluster, each task counted.</summary>
    public int MaxJobCount { get; init; } = 10_000;

    /// <summary>Jobs this user may have in the queue, each task counted; null: no limit, or nobody says.</summary>
    public int? MaxSubmitJobs { get; init; }

    /// <summary>The partition.</summary>
    public required PartitionLimits Partition { get; init; }
}
