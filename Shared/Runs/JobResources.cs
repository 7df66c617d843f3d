namespace HpcFit.Shared.Runs;

/// <summary>
/// What a job may use, where its round says more than the command that launches it. A null means: as the launcher's options say.
/// </summary>
public sealed record JobResources
{
    /// <summary>Memory of the whole worker process, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Wall time, start of the worker included.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Threads that fit.</summary>
    public int? Threads { get; init; }
}
