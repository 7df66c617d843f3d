using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// Determines the states of a round's jobs, or why they ended: from the queue, the workers' last reports, and the scheduler's record of
/// what ended without one. None of these determines whether a job succeeded: valid blocks do.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the scheduler.</param>
/// <param name="commands">The scheduler's commands.</param>
internal sealed class RoundObserver(RunDirectory run, SchedulerSettings settings, SchedulerCommands commands)
{
    /// <summary>A process that was killed with this fraction of its memory in use counts as out of memory.</summary>
    private const double NearlyAllMemory = 0.9;

    private readonly OutputTails _outputs = new();

    /// <summary>One report per job.</summary>
    /// <exception cref="SchedulerException">The scheduler does not answer.</exception>
    public IReadOnlyList<JobReport> Observe(Round round, CancellationToken token)
    {
        if (SubmittedRound.Read(run, round.Id) is not { } submission)
            return [.. round.Jobs.Select(job => new JobReport(job.Id, JobOutcomeKind.Waiting))];
        var queue = new Dictionary<int, QueuedTask>();
        foreach (var task in commands.Queue(token))
        {
            if (submission.Arrays.Select(array => array.JobOf(task)).FirstOrDefault(job => job is not null) is { } job)
                queue[job] = task;
        }
        // Attempts are read after the queue: a task that ended in between has written its last report by now.
        var attempts = run.LastReports(round.Id);
        var places = round.Jobs.ToDictionary(job => job.Id.Value, job => submission.Arrays.First(array => array.Has(job.Id.Value)));
        var unexplained = round
            .Jobs.Select(job => job.Id.Value)
            .Where(job => !queue.ContainsKey(job) && places[job].Submitted.Id is not null && !submission.GivenUp.Contains(job))
            .Where(job => attempts.GetValueOrDefault(new JobId(job), []) is not [.., { Ended: not null }])
            .ToList();
        var endings = commands.Endings(
            [.. unexplained.Select(job => places[job].Submitted).Distinct()],
            found => unexplained.Exists(job => !found.ContainsKey(KeyOf(places[job], job))),
            token
        );
        return
        [
            .. round.Jobs.Select(job =>
                Report(
                    round.Id,
                    job,
                    places[job.Id.Value],
                    queue.GetValueOrDefault(job.Id.Value),
                    attempts.GetValueOrDefault(job.Id, []),
                    submission.GivenUp.Contains(job.Id.Value),
                    endings.GetValueOrDefault(KeyOf(places[job.Id.Value], job.Id.Value))
                )
            ),
        ];
    }

    private static (string Id, int Index) KeyOf(SubmittedArray array, int job) => (array.Submitted.Id ?? "", array.IndexOf(job) ?? 0);

    private JobReport Report(
        RoundId round,
        Job job,
        SubmittedArray array,
        QueuedTask? task,
        IReadOnlyList<ProgressReport> attempts,
        bool isGivenUp,
        string? text
    )
    {
        var peak = attempts.Count == 0 ? (long?)null : attempts.Max(attempt => Math.Max(attempt.PeakResidentBytes, attempt.ResidentBytes));
        if (array.Submitted.Id is null)
            return new(job.Id, JobOutcomeKind.Waiting) { Detail = "not submitted yet" };
        if (task is not null)
            return new(job.Id, task.State == QueuedState.Running ? JobOutcomeKind.Running : JobOutcomeKind.Waiting)
            {
                PeakBytes = peak,
                Detail = task.State == QueuedState.Running ? "" : $"{settings.Scheduler.Name} reports {task.StateText}",
            };
        var ending = Ending(job, attempts, isGivenUp, text, peak);
        return new(job.Id, ending)
        {
            PeakBytes = peak,
            Detail = ending == JobOutcomeKind.Finished ? "" : Detail(round, array, job.Id.Value, isGivenUp, text),
            Events = attempts.Count > 1 ? [$"{attempts.Count} attempts"] : [],
        };
    }

    private JobOutcomeKind Ending(Job job, IReadOnlyList<ProgressReport> attempts, bool isGivenUp, string? text, long? peak)
    {
        var reported = attempts is [.., var last] ? last.Ended : null;
        // The worker's exit code has priority over the scheduler's record, unless it only reports a requested stop.
        if (reported is { } code and not ExitCode.Cancelled)
            return JobOutcomeKinds.FromExitCode(code);
        if (isGivenUp && attempts.Count == 0)
            return JobOutcomeKind.NeverStarted;
        var meaning = text is null
            ? null
            : settings.Scheduler.Endings!.Meanings.FirstOrDefault(meaning => Expression.Matches(meaning.Text, text));
        if (meaning is not null && meaning.Ending != JobOutcomeKind.Killed)
            return meaning.Ending;
        if (reported is not null)
            return JobOutcomeKind.Cancelled;
        if (attempts.Count == 0)
            return meaning?.Ending ?? (text is null ? JobOutcomeKind.NeverStarted : JobOutcomeKind.Crashed);
        return attempts[^1].OomKills > 0 || peak >= NearlyAllMemory * settings.RequestOf(job).MemoryBytes
            ? JobOutcomeKind.OutOfMemory
            : JobOutcomeKind.Killed;
    }

    private string Detail(RoundId round, SubmittedArray array, int job, bool isGivenUp, string? text)
    {
        var (name, output) = (settings.Scheduler.Name, _outputs.Read(run.TaskOutputFile(round, array.Submitted.Name, array.IndexOf(job))));
        var state =
            isGivenUp ? $"{name} could not start it"
            : text is null ? $"{name} has no record of it"
            : $"{name} reports: {string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}";
        return output.Length == 0 ? state : $"{state}; its output ends with: {output}";
    }
}
