namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>
/// The limits of the partitions in which a job may run; of several partitions the largest: Slurm starts the job where it fits.
/// </summary>
internal sealed record PartitionLimits
{
    /// <summary>The names, separated by commas.</summary>
    public required string Name { get; init; }

    /// <summary>Wall time; null: no limit.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Memory of a job on one node, in bytes; null: unknown.</summary>
    public long? MaxMemoryBytes { get; init; }

    /// <summary>Processors of the largest node; null: unknown.</summary>
    public int? MaxProcessors { get; init; }

    /// <summary>Hosts from which jobs may be submitted, as Slurm writes them; null: all.</summary>
    public string? SubmitHosts { get; init; }

    /// <summary>Why nothing starts there (<c>DOWN</c>, <c>DRAIN</c>, <c>INACTIVE</c>); null: it is up.</summary>
    public string? Closed { get; init; }
}
