namespace HpcFit.Shared.Runs;

/// <summary>
/// Resources of one job that override the options of the command that launches it. Null: the launcher's option applies.
/// </summary>
public sealed record JobResources
{
    /// <summary>Memory of the whole worker process, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Wall time, including the start of the worker.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Number of fitting threads.</summary>
    public int? Threads { get; init; }
}
