namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>The limits of a queue for one job; where a job may start in several queues, the largest.</summary>
internal record QueueLimits
{
    /// <summary>The name of the queue, or several names separated by commas; of a described scheduler its own name.</summary>
    public required string Name { get; init; }

    /// <summary>Wall time; null: no limit.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Memory of a job on one node, in bytes; null: unknown.</summary>
    public long? MaxMemoryBytes { get; init; }

    /// <summary>Processors of the largest node; null: unknown.</summary>
    public int? MaxProcessors { get; init; }
}
