using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Status;

/// <summary>
/// Collects what is known about a round's jobs: from the run's own files, the queue, and the accounting for what the queue has purged or
/// does not report.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the cluster.</param>
/// <param name="commands">The scheduler's programs.</param>
internal sealed class RoundObserver(RunDirectory run, SlurmSettings settings, SlurmCommands commands)
{
    private readonly OutputTails _outputs = new();

    /// <summary>One report per job.</summary>
    /// <exception cref="SchedulerException">The controller does not answer.</exception>
    public IReadOnlyList<JobReport> Observe(Round round, CancellationToken token)
    {
        var submission = new SubmissionFile(run).Read(round.Id) ?? new("", []);
        var ids = submission.Arrays().Select(array => array.Id).OfType<int>().ToList();
        var jobs = new TaskJobs(submission);
        var queue = ByJob(commands.Queue(ids, token), jobs);
        // Attempts are read after the queue: a task that ended in between has written its last report by now.
        var attempts = run.LastReports(round.Id);
        var starts = Starts(round, submission, queue, attempts, ids, jobs, token);
        var givenUp = submission.GivenUp.ToDictionary(one => one.Job);
        var submitted = submission.JobsSubmitted();
        return
        [
            .. round.Jobs.Select(
                (job, index) =>
                    JobOutcomeClassifier.Classify(
                        job.Id,
                        new()
                        {
                            Asked = new() { MemoryBytes = settings.RequestOf(job).MemoryBytes },
                            WasSubmitted = index < submitted,
                            Attempts = attempts.GetValueOrDefault(job.Id, []),
                            Task =
                                queue.TryGetValue(job.Id, out var tasks) ? tasks[^1]
                                : starts.TryGetValue(job.Id, out var started) ? started[^1]
                                : null,
                            Starts = starts.GetValueOrDefault(job.Id, []),
                            GivenUp = givenUp.GetValueOrDefault(job.Id.Value),
                            OutputTail = new Lazy<string>(() => OutputTail(round.Id, job.Id, submission)),
                        }
                    )
            ),
        ];
    }

    private static Dictionary<JobId, IReadOnlyList<SlurmTask>> ByJob(IEnumerable<SlurmTask> tasks, TaskJobs jobs) =>
        tasks
            .Select(task => (Task: task, Job: jobs.JobOf(task)))
            .Where(pair => pair.Job is not null)
            .GroupBy(pair => pair.Job!.Value)
            .ToDictionary(group => new JobId(group.Key), group => (IReadOnlyList<SlurmTask>)[.. group.Select(pair => pair.Task)]);

    /// <summary>Queries the accounting only when there is something to explain.</summary>
    private Dictionary<JobId, IReadOnlyList<SlurmTask>> Starts(
        Round round,
        RoundSubmission submission,
        Dictionary<JobId, IReadOnlyList<SlurmTask>> queue,
        IReadOnlyDictionary<JobId, IReadOnlyList<ProgressReport>> attempts,
        List<int> ids,
        TaskJobs jobs,
        CancellationToken token
    )
    {
        var isClear = round
            .Jobs.Take(submission.JobsSubmitted())
            .All(job =>
                attempts.GetValueOrDefault(job.Id, []).Count < 2
                && queue.TryGetValue(job.Id, out var tasks)
                && tasks[^1] is var task
                && task.Restarts == 0
                && (!task.State.HasEnded() || task.State == SlurmJobState.Completed)
            );
        return isClear || ids.Count == 0 ? [] : ByJob(commands.Accounting(ids, token) ?? [], jobs);
    }

    private string OutputTail(RoundId round, JobId job, RoundSubmission submission)
    {
        var array = submission
            .Arrays()
            .FirstOrDefault(one => job.Value >= one.FirstJob && TaskIds.Parse(one.Tasks).Contains(job.Value - one.FirstJob));
        return array?.Id is { } id ? _outputs.Read(run.TaskOutputFile(round, id, job.Value - array.FirstJob)) : "";
    }
}
