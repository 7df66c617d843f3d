using System.Globalization;
using System.Text;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Scripts;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>
/// Submits a round and ensures that it continues. Any process that holds the claim of the run's rounds may call it at any time and
/// repeatedly: it completes what a killed command left incomplete, and does not repeat what is complete.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the cluster.</param>
/// <param name="commands">The scheduler's programs.</param>
/// <param name="log">The log.</param>
internal sealed partial class RoundSubmitter(RunDirectory run, SlurmSettings settings, SlurmCommands commands, ILogger log)
{
    private readonly SubmissionFile _file = new(run);
    private readonly SbatchArguments _sbatch = new(settings);
    private readonly RunWatch _watch = new(run, settings, commands);

    /// <summary>
    /// Submits what can be submitted, cancels what would never start, replaces an advance or watch job that is gone.
    /// </summary>
    public void EnsureSubmitted(Round round, CancellationToken token)
    {
        var submission = _file.Read(round.Id) ?? new(RoundSubmission.NameFor(run.Document.Digest, round.Id, Nonce.Hex(3)), []);
        if (submission.Handovers is [.., { Released: false }])
            submission = Complete(round, submission, wasTried: true, token);

        var tasks = commands.Queue([.. submission.Arrays().Select(array => array.Id!.Value)], token);
        submission = GiveUpNeverStarting(round, submission, tasks, token);
        var isOpen = tasks.Any(task => !task.State.HasEnded());
        if (!isOpen && submission.JobsSubmitted() < round.Jobs.Count)
            HandOver(round, submission, token);
        else
            ReplaceCompanions(round, submission, isOpen, token);
    }

    /// <summary>The advance and watch jobs that were submitted and recorded, of all rounds.</summary>
    public List<CancelledJob> Companions() =>
        [
            .. _file
                .All()
                .SelectMany(pair => pair.Submission.Handovers)
                .Select(handover => handover.Advance.Submitted)
                .Concat(_watch.All().Select(watch => watch.Submitted))
                .OfType<CancelledJob>()
                .Distinct(),
        ];

    /// <summary>Whether a job of the run is queued or running, and thus continues it.</summary>
    public bool IsInQueue(CancellationToken token)
    {
        var ids = Companions()
            .Select(job => job.Id)
            .Concat(_file.All().SelectMany(pair => pair.Submission.Arrays()).Select(array => array.Id).OfType<int>());
        return commands.Queue([.. ids.Distinct()], token).Any(task => !task.State.HasEnded());
    }

    /// <summary>Ensures that a job checks on the run later, whatever happens to this process.</summary>
    public void EnsureWatch(CancellationToken token) => _watch.EnsureQueued(token);

    /// <summary>Cancels the run's advance and watch jobs that have not started: it has ended.</summary>
    public void CancelCompanions(CancellationToken token)
    {
        commands.CancelWaiting(Companions(), token);
    }

    /// <summary>Cancels all jobs of the run: first those that would continue it, then its tasks.</summary>
    /// <returns>The arrays that were cancelled.</returns>
    public IReadOnlyList<int> CancelAll(CancellationToken token)
    {
        var handovers = _file.All().SelectMany(pair => pair.Submission.Handovers).ToList();
        var companions = Submitted(
            handovers.Select(handover => handover.Advance).Concat(_watch.All()).Distinct().Select(one => (one.Id, one.Name)),
            token
        );
        var arrays = Submitted(handovers.SelectMany(handover => handover.Arrays).Select(array => (array.Id, array.Name)), token);
        foreach (var jobs in new[] { companions, arrays })
            commands.Cancel(jobs, token);
        return [.. arrays.Select(array => array.Id)];
    }

    /// <summary>The jobs whose ids are recorded, and those that the queue finds by the names without an id.</summary>
    private List<CancelledJob> Submitted(IEnumerable<(int? Id, string Name)> jobs, CancellationToken token)
    {
        var (known, unknown) = (new List<CancelledJob>(), new List<string>());
        foreach (var (id, name) in jobs)
        {
            if (id is { } recorded)
                known.Add(new(recorded, name));
            else
                unknown.Add(name);
        }
        if (unknown.Count > 0)
            known.AddRange(commands.Find(unknown, token).Select(found => new CancelledJob(found.Id, found.Name)));
        return known;
    }

    private void HandOver(Round round, RoundSubmission submission, CancellationToken token)
    {
        var cluster = new ClusterReader(commands);
        var limits = cluster.Read(settings.Partition, token);
        var done = submission.JobsSubmitted();
        var watch = _watch.Waiting(token);
        var most = Budget(limits, cluster, round.Jobs.Count - done, companions: watch is null ? 2 : 1, token);
        var arrays = ArrayCutter.Throttled(
            ArrayCutter.Cut(round.Jobs.Skip(done).Take(most), Math.Min(limits.MaxArraySize, most), settings.RequestOf),
            settings.ArrayThrottle
        );

        var names = new HandoverNames(submission.Name, submission.Handovers.Count);
        var handover = new Handover(
            [.. arrays.Select((array, index) => array with { Name = names.Array(index) })],
            new(names.Advance),
            watch ?? new(names.Watch)
        );
        submission = submission with { Handovers = [.. submission.Handovers, handover] };
        _file.Write(round.Id, submission);
        var jobs = CountText.Format(round.Jobs.Count, "job");
        if (done + handover.Arrays.Sum(array => array.Count) < round.Jobs.Count)
            InWindows(log, round.Id, jobs, most);
        Complete(round, submission, wasTried: false, token);
        CancelEarlierCompanions(handover, token);
    }

    /// <summary>
    /// A run needs one advance and one watch job: waiting ones of earlier handovers would count against the user's
    /// limits.
    /// </summary>
    private void CancelEarlierCompanions(Handover now, CancellationToken token) =>
        commands.CancelWaiting(Companions().FindAll(job => job.Name != now.Advance.Name && job.Name != now.Watch.Name), token);

    /// <summary>How many tasks may be submitted now; at least one, so that the scheduler's own refusal reaches the user.</summary>
    private static int Budget(ClusterLimits limits, ClusterReader cluster, int wanted, int companions, CancellationToken token)
    {
        var most = Math.Min(limits.MaxJobCount / 2, limits.MaxSubmitJobs ?? int.MaxValue);
        if (limits.MaxSubmitJobs is not null || wanted > most)
            most -= cluster.InQueue(token);
        return Math.Max(1, most - companions);
    }

    /// <summary>
    /// Completes a recorded handover. Order: the watch job, which would complete what this process leaves undone; the held arrays; the
    /// advance job; each id is recorded at once. Then duplicates of submissions that seemed to fail are cancelled, and the arrays are
    /// released.
    /// </summary>
    private RoundSubmission Complete(Round round, RoundSubmission submission, bool wasTried, CancellationToken token)
    {
        WriteScripts(round);
        var handover = submission.Handovers[^1];
        try
        {
            handover = handover with { Watch = SubmitWatch(handover.Watch, wasTried, token) };
            Store();
            for (var index = 0; index < handover.Arrays.Count; index++)
            {
                var array = handover.Arrays[index];
                if (array.Id is not null)
                    continue;
                var id = commands.Submit(
                    array.Name,
                    _sbatch.Array(array, run.BatchScript(round.Id), run.TaskOutputPattern(round.Id)),
                    wasTried,
                    token
                );
                handover = handover with { Arrays = [.. handover.Arrays.Select((one, at) => at == index ? one with { Id = id } : one)] };
                Store();
            }
            handover = handover with { Advance = SubmitAdvance(handover, wasTried, token) };
            Store();
        }
        catch (SchedulerException refusal) when (!refusal.IsRetryable)
        {
            Undo(round, submission, handover);
            throw;
        }
        CancelDuplicates(handover, token);
        commands.Release([.. handover.Arrays.Select(array => array.Id!.Value)], token);
        handover = handover with { Released = true };
        Store();
        foreach (var (array, tasks) in handover.Arrays.Select(array => (array, CountText.Format(array.Count, "task"))))
            Submitted(log, round.Id, array.Id!.Value, tasks, array.FirstJob);
        return submission;

        void Store()
        {
            submission = submission.WithLast(handover);
            _file.Write(round.Id, submission);
        }
    }

    private void WriteScripts(Round round)
    {
        WriteScript(run.BatchScript(round.Id), BatchScripts.Job(run.Root, round.Id, settings));
        WriteScript(run.AdvanceScript, BatchScripts.Advance(settings.Advances ?? run.Root, settings));
    }

    /// <summary>Replaces a script atomically: sbatch may be reading the existing one.</summary>
    private static void WriteScript(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
            return;
        WholeFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
    }

    private CompanionSubmission SubmitAdvance(Handover handover, bool wasTried, CancellationToken token) =>
        handover.Advance.Id is not null
            ? handover.Advance
            : handover.Advance with
            {
                Id = commands.Submit(
                    handover.Advance.Name,
                    _sbatch.Advance(
                        handover.Advance.Name,
                        handover.Arrays.Select(array => array.Id!.Value),
                        run.AdvanceScript,
                        run.AdvanceOutputPattern
                    ),
                    wasTried,
                    token
                ),
            };

    private CompanionSubmission SubmitWatch(CompanionSubmission watch, bool wasTried, CancellationToken token) =>
        watch.Id is not null ? watch : watch with { Id = _watch.Submit(watch.Name, wasTried, token) };

    /// <summary>Undoes a handover that the scheduler refuses permanently, so that none of its held jobs waits forever.</summary>
    private void Undo(Round round, RoundSubmission submission, Handover handover)
    {
        commands.Cancel(
            [
                .. handover
                    .Arrays.Select(array => array.Submitted)
                    .Append(handover.Advance.Submitted)
                    .Append(handover.Watch.Submitted)
                    .OfType<CancelledJob>(),
            ],
            CancellationToken.None
        );
        _file.Write(round.Id, submission with { Handovers = [.. submission.Handovers.SkipLast(1)] });
    }

    /// <summary>
    /// Cancels jobs with our names but other ids than the recorded ones: sbatch timed out, succeeded late, and was called again.
    /// </summary>
    private void CancelDuplicates(Handover handover, CancellationToken token)
    {
        List<QueuedJob> ours =
        [
            .. handover.Arrays.Select(array => new QueuedJob(array.Id!.Value, array.Name)),
            new(handover.Advance.Id!.Value, handover.Advance.Name),
            new(handover.Watch.Id!.Value, handover.Watch.Name),
        ];
        var duplicates = commands.Find([.. ours.Select(one => one.Name)], token).Except(ours).ToList();
        if (duplicates.Count == 0)
            return;
        DuplicatesCancelled(log, string.Join(", ", duplicates.Select(duplicate => duplicate.Id)));
        commands.Cancel([.. duplicates.Select(duplicate => new CancelledJob(duplicate.Id, duplicate.Name))], token);
    }

    private RoundSubmission GiveUpNeverStarting(
        Round round,
        RoundSubmission submission,
        IReadOnlyList<SlurmTask> tasks,
        CancellationToken token
    )
    {
        var jobs = new TaskJobs(submission);
        var hopeless = tasks
            .Select(task => (Task: task, Job: jobs.JobOf(task), Verdict: PendingReasons.Find(task)))
            .Where(one => one.Job is not null && one.Verdict is { IsOurs: true } && submission.GivenUp.All(before => before.Job != one.Job))
            .ToList();
        if (hopeless.Count == 0)
            return submission;
        submission = submission with
        {
            GivenUp =
            [
                .. submission.GivenUp,
                .. hopeless.Select(one => new GivenUpJob(one.Job!.Value, one.Task.Reason, one.Verdict!.Advice, one.Verdict.IsHopeless)),
            ],
        };
        _file.Write(round.Id, submission);
        foreach (var group in hopeless.GroupBy(one => (one.Task.Reason, one.Verdict!.Advice)))
            NeverStarts(log, CountText.Format(group.Count(), "task"), group.Key.Reason, group.Key.Advice);
        var names = submission.Arrays().Where(array => array.Id is not null).ToDictionary(array => array.Id!.Value, array => array.Name);
        commands.Cancel([.. hopeless.Select(one => new CancelledJob(one.Task.Job, names[one.Task.Job], one.Task.Task))], token);
        return submission;
    }

    /// <summary>Ensures that an advance job waits for open arrays, and that a watch job waits for its time.</summary>
    private void ReplaceCompanions(Round round, RoundSubmission submission, bool isOpen, CancellationToken token)
    {
        if (submission.Handovers is not [.., var handover])
            return;
        var advance = handover.Advance;
        var isAdvanceGone = isOpen && !commands.Queue([advance.Id!.Value], token).Any(task => task.State.IsWaiting());
        var watch = _watch.Waiting(token);
        if (!isAdvanceGone && watch == handover.Watch)
            return;
        if (isAdvanceGone)
        {
            // Otherwise a job that the queue only seemed to have lost would run as well.
            commands.CancelWaiting([advance.Submitted!], token);
            handover = handover with { Advance = new(Next(advance.Name)) };
        }
        handover = handover with { Watch = watch ?? new(Next(handover.Watch.Name)) };
        // The arrays are released already: releasing them again has no effect.
        submission = submission.WithLast(handover with { Released = false });
        _file.Write(round.Id, submission);
        Complete(round, submission, wasTried: false, token);
    }

    /// <summary><c>…-0next</c>, <c>…-0next-2</c>, <c>…-0next-3</c>.</summary>
    internal static string Next(string name)
    {
        var dash = name.LastIndexOf('-');
        return int.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? $"{name[..dash]}-{number + 1}"
            : name + "-2";
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "Round {Round}: array {Id} submitted, {Tasks} from job {First}")]
    private static partial void Submitted(ILogger log, RoundId round, int id, string tasks, int first);

    [LoggerMessage(
        EventId = 31,
        Level = LogLevel.Information,
        Message = "Round {Round}: {Jobs} to submit, {Most} at a time, because of the cluster's limits on queued jobs"
    )]
    private static partial void InWindows(ILogger log, RoundId round, string jobs, int most);

    [LoggerMessage(
        EventId = 32,
        Level = LogLevel.Warning,
        Message = "Jobs {Ids} were submitted twice while the controller was slow; the duplicates are cancelled"
    )]
    private static partial void DuplicatesCancelled(ILogger log, string ids);

    [LoggerMessage(EventId = 33, Level = LogLevel.Warning, Message = "{Tasks} would never start ({Reason}): cancelled. {Advice}")]
    private static partial void NeverStarts(ILogger log, string tasks, string reason, string advice);
}
