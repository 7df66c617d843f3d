using System.Text.Json.Serialization;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>What a launcher reports about one job: from the run's own files first, then from its process or its scheduler.</summary>
/// <param name="Job">The job.</param>
/// <param name="Ending">Its state, or why it ended.</param>
internal sealed record JobReport(JobId Job, JobOutcomeKind Ending)
{
    /// <summary>The worker's peak resident memory, in bytes; null: unknown.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>The last message of the worker or the scheduler, or why the job waits; empty: none.</summary>
    [JsonPropertyName("words")]
    public string Detail { get; init; } = "";

    /// <summary>
    /// What happened before, also to a job that succeeded in the end: failed starts, one sentence each.
    /// </summary>
    public IReadOnlyList<string> Events { get; init; } = [];
}
