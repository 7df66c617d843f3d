namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>
/// What the partitions that a job may run in allow at most. With several, the most generous of each: Slurm starts the job where it fits.
/// </summary>
internal sealed record PartitionLimits
{
    /// <summary>The names, with commas.</summary>
    public required string Name { get; init; }

    /// <summary>Wall time; null: no limit.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Memory of a job on one node, in bytes; null: nobody says.</summary>
    public long? MaxMemoryBytes { get; init; }

    /// <summary>Processors of the largest node; null: nobody says.</summary>
    public int? MaxProcessors { get; init; }

    /// <summary>Hosts from which jobs may be submitted, as Slurm writes them; null: all.</summary>
    public string? SubmitHosts { get; init; }

    /// <summary>Why nothing starts there (<c>DOWN</c>, <c>DRAIN</c>, <c>INACTIVE</c>); null: it is up.</summary>
    public string? Closed { get; init; }
}
