using System.Text.Json.Serialization;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>State or outcome of one job of a round.</summary>
/// <param name="Job">The job.</param>
/// <param name="Ending">Its state, or why it ended.</param>
/// <param name="Left">How many of its elements had no valid block when the outcome was determined.</param>
internal sealed record JobOutcome(JobId Job, JobOutcomeKind Ending, long Left)
{
    /// <summary>The worker's peak resident memory, in bytes; null: unknown.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>The last message of the worker or the scheduler; empty: none.</summary>
    [JsonPropertyName("words")]
    public string Detail { get; init; } = "";

    /// <summary>Failed starts of the job, also if it succeeded in the end; one sentence each.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Whether it may still add results by itself.</summary>
    public bool IsOpen() => Ending is JobOutcomeKind.Waiting or JobOutcomeKind.Running;
}

/// <summary>States or outcomes of a round's jobs: the content of a round's <c>outcome.json</c>.</summary>
/// <param name="Round">The round.</param>
/// <param name="Jobs">One entry per job, in the round's order.</param>
internal sealed record RoundOutcome(RoundId Round, IReadOnlyList<JobOutcome> Jobs)
{
    /// <summary>
    /// Combines a launcher's reports with coverage. A job whose elements are all covered has finished, whatever its report states.
    /// </summary>
    /// <param name="round">The round.</param>
    /// <param name="covered">The elements with a valid block, read after the <paramref name="reports"/>.</param>
    /// <param name="reports">At most one per job; a job without one was never started.</param>
    public static RoundOutcome From(Round round, ElementSet covered, IEnumerable<JobReport> reports)
    {
        var byJob = reports.ToDictionary(report => report.Job);
        return new(round.Id, [.. round.Jobs.Select(Determine)]);

        JobOutcome Determine(Job job)
        {
            var left = job.Elements.Except(covered).Count;
            var report = byJob.GetValueOrDefault(job.Id) ?? new JobReport(job.Id, JobOutcomeKind.NeverStarted);
            return new(job.Id, left == 0 ? JobOutcomeKind.Finished : report.Ending, left)
            {
                PeakBytes = report.PeakBytes,
                Detail = left == 0 ? "" : report.Detail,
                Events = report.Events,
            };
        }
    }
}

/// <summary>The JSON of <c>outcome.json</c>, with the conventions of the rest of the run directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true,
    Converters = [typeof(RoundIdJson), typeof(JobIdJson)]
)]
[JsonSerializable(typeof(RoundOutcome))]
internal sealed partial class AdvancingJson : JsonSerializerContext;
