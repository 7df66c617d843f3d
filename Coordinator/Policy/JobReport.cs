using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>What a launcher knows of one job: from the run's own files first, then from its process or its scheduler.</summary>
/// <param name="Job">The job.</param>
/// <param name="Ending">Where it stands, or why it ended.</param>
internal sealed record JobReport(JobId Job, JobOutcomeKind Ending)
{
    /// <summary>The worker's peak resident memory, in bytes; null: unknown.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>What the worker or the scheduler said last, or why the job waits; empty: nothing.</summary>
    public string Words { get; init; } = "";

    /// <summary>
    /// What happened on the way, also to a job that succeeded in the end: starts that came to nothing, one sentence each.
    /// </summary>
    public IReadOnlyList<string> Events { get; init; } = [];
}
