using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>How one job of a round stands or ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="Ending">Where it stands, or why it ended.</param>
/// <param name="Left">How many of its elements had no valid block when it was judged.</param>
internal sealed record JobOutcome(JobId Job, JobOutcomeKind Ending, long Left)
{
    /// <summary>The worker's peak resident memory, in bytes; null: unknown.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>What the worker or the scheduler said last; empty: nothing.</summary>
    public string Words { get; init; } = "";

    /// <summary>What happened on the way, also to a job that succeeded in the end; one sentence each.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Whether it may still add results by itself.</summary>
    public bool IsOpen() => Ending is JobOutcomeKind.Waiting or JobOutcomeKind.Running;
}

/// <summary>How the jobs of a round stand or ended: the content of a round's <c>outcome.json</c>.</summary>
/// <param name="Round">The round.</param>
/// <param name="Jobs">One entry a job, in the round's order.</param>
internal sealed record RoundOutcome(RoundId Round, IReadOnlyList<JobOutcome> Jobs)
{
    /// <summary>
    /// Joins what a launcher reports with what is covered. A job whose elements are all covered has finished, whatever else is said.
    /// </summary>
    /// <param name="round">The round.</param>
    /// <param name="covered">The elements with a valid block, read after <paramref name="reports"/> were made.</param>
    /// <param name="reports">At most one a job; a job without one was never started.</param>
    public static RoundOutcome Judge(Round round, ElementSet covered, IEnumerable<JobReport> reports)
    {
        var byJob = reports.ToDictionary(report => report.Job);
        return new(round.Id, [.. round.Jobs.Select(Judge)]);

        JobOutcome Judge(Job job)
        {
            var left = job.Elements.Except(covered).Count;
            var report = byJob.GetValueOrDefault(job.Id) ?? new JobReport(job.Id, JobOutcomeKind.NeverStarted);
            return new(job.Id, left == 0 ? JobOutcomeKind.Finished : report.Ending, left)
            {
                PeakBytes = report.PeakBytes,
                Words = left == 0 ? "" : report.Words,
                Events = report.Events,
            };
        }
    }
}
