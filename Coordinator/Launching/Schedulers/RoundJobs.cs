using System.Text;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// Submits the jobs of a round and ensures that the run continues after them. Any process that holds the claim of the run's rounds may call
/// it repeatedly: it completes what an interrupted command left incomplete, and does not repeat what is complete.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the scheduler.</param>
/// <param name="commands">The scheduler's commands.</param>
/// <param name="log">The log.</param>
internal sealed partial class RoundJobs(RunDirectory run, SchedulerSettings settings, SchedulerCommands commands, ILogger log)
{
    private readonly SubmitWords _words = new(settings);
    private readonly JobScripts _scripts = new(run, settings);
    private readonly RunWatch _watch = new(run, settings, commands);

    /// <summary>Submits what was not submitted, cancels what can never start, replaces an advance or watch job that is gone.</summary>
    /// <exception cref="SchedulerException">The scheduler refuses a job: nothing of the round stays in the queue. Or it does not
    /// answer.</exception>
    public void EnsureSubmitted(Round round, CancellationToken token)
    {
        var submission = SubmittedRound.Read(run, round.Id);
        var wasTried = submission is not null;
        submission ??= Plan(round);
        submission.Write(run, round.Id);
        WriteScript(run.SchedulerAdvanceScript, _scripts.Advance());
        try
        {
            // First the job that would complete what this process leaves undone.
            _watch.Ensure(token);
            submission = SubmitArrays(round, submission, wasTried, token);
        }
        catch (SchedulerException refusal) when (!refusal.IsRetryable)
        {
            commands.Cancel([.. submission.All(), .. _watch.Recorded()], _ => true, CancellationToken.None);
            Plan(round).Write(run, round.Id);
            throw;
        }
        var queue = commands.Queue(token);
        submission = GiveUpFailed(round, submission, queue, token);
        EnsureAdvance(round, submission, queue, token);
    }

    /// <summary>The round's jobs as they would be submitted.</summary>
    /// <param name="round">The round.</param>
    /// <param name="prefix">The prefix of their names; null: a new one.</param>
    public SubmittedRound Plan(Round round, string? prefix = null)
    {
        prefix ??= $"hpcfit-{run.Document.Digest[..8]}-r{round.Id}-{Nonce.Hex(3)}";
        return new(
            settings.Scheduler.Name,
            prefix,
            SubmittedArray.Cut(round.Jobs, settings.Scheduler.Limits.ArrayTasks, settings.RequestOf, index => $"{prefix}-a{index}"),
            new($"{prefix}-next", IsArray: false)
        );
    }

    /// <summary>The jobs and arrays of all rounds, and the watch job.</summary>
    public List<SubmittedJob> All() => [.. Submissions().SelectMany(one => one.All()), .. _watch.Recorded()];

    /// <summary>Ensures that a job checks on the run later, whatever happens to this process.</summary>
    public void EnsureWatch(CancellationToken token) => _watch.Ensure(token);

    /// <summary>Cancels the run's advance and watch jobs that have not started: it has ended.</summary>
    public void CancelCompanions(CancellationToken token) =>
        commands.Cancel(
            [.. Submissions().Select(one => one.Advance), .. _watch.Recorded()],
            task => task.State != QueuedState.Running,
            token
        );

    /// <summary>Cancels all jobs of the run: first those that would continue it, then its tasks.</summary>
    /// <returns>The arrays that were cancelled.</returns>
    public IReadOnlyList<SubmittedJob> CancelAll(CancellationToken token)
    {
        commands.Cancel([.. _watch.Recorded(), .. Submissions().Select(one => one.Advance)], _ => true, token);
        return commands.Cancel(Submissions().SelectMany(one => one.Arrays.Select(array => array.Submitted)), _ => true, token);
    }

    private IEnumerable<SubmittedRound> Submissions() =>
        run.Rounds().Select(round => SubmittedRound.Read(run, round)).OfType<SubmittedRound>();

    private SubmittedRound SubmitArrays(Round round, SubmittedRound submission, bool wasTried, CancellationToken token)
    {
        for (var index = 0; index < submission.Arrays.Count; index++)
        {
            var array = submission.Arrays[index];
            if (array.Submitted.Id is not null)
                continue;
            var script = run.BatchScript(round.Id, index);
            WriteScript(script, _scripts.Array(round.Id, array));
            var submitted = commands.Submit(array.Submitted, _words.Array(array, Throttle(submission, array), script), wasTried, token);
            submission = submission with
            {
                Arrays = [.. submission.Arrays.Select(one => one == array ? one with { Submitted = submitted } : one)],
            };
            submission.Write(run, round.Id);
            var jobs = CountText.Format(array.Count, "job");
            Submitted(log, round.Id, submitted.Id!, jobs, array.FirstJob);
        }
        return submission;
    }

    /// <summary>An array's share of <c>--array-throttle</c>, at least one task.</summary>
    private int? Throttle(SubmittedRound submission, SubmittedArray array) =>
        settings.ArrayThrottle is { } limit
            ? Math.Max(1, (int)((long)limit * array.Count / submission.Arrays.Sum(one => one.Count)))
            : null;

    private SubmittedRound GiveUpFailed(Round round, SubmittedRound submission, IReadOnlyList<QueuedTask> queue, CancellationToken token)
    {
        foreach (var task in queue.Where(task => task.State == QueuedState.Failed))
        {
            var array = submission.Arrays.FirstOrDefault(array => array.JobOf(task) is not null);
            if (array?.JobOf(task) is not { } job || !commands.CancelTask(array.Submitted, array.IndexOf(job), token))
                continue;
            submission = submission with { GivenUp = [.. submission.GivenUp, job] };
            submission.Write(run, round.Id);
            NeverStarts(log, round.Id, job, task.StateText);
        }
        return submission;
    }

    /// <summary>Ensures that a job advances the run when the arrays have ended.</summary>
    private void EnsureAdvance(Round round, SubmittedRound submission, IReadOnlyList<QueuedTask> queue, CancellationToken token)
    {
        var advance = submission.Advance;
        if (advance.Id is not null && queue.Any(task => task.Id == advance.Id && task.State == QueuedState.Waiting))
            return;
        var open = submission.Arrays.Where(array => queue.Any(task => array.JobOf(task) is not null)).ToList();
        // One that ran, or was lost, gets a successor of another name.
        if (advance.Id is not null)
            advance = new($"{submission.Name}-next-{Nonce.Hex(2)}", IsArray: false);
        submission = submission with { Advance = advance };
        submission.Write(run, round.Id);
        var words = _words.Advance(
            advance.Name,
            [.. open.Select(array => commands.Reference(array.Submitted))],
            run.SchedulerAdvanceScript
        );
        (submission with { Advance = commands.Submit(advance, words, wasTried: true, token) }).Write(run, round.Id);
    }

    /// <summary>Replaces a script atomically: the scheduler may be reading the existing one.</summary>
    private static void WriteScript(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
            WholeFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
    }

    [LoggerMessage(EventId = 61, Level = LogLevel.Information, Message = "Round {Round}: {Id} submitted, {Jobs} from job {First}")]
    private static partial void Submitted(ILogger log, RoundId round, string id, string jobs, int first);

    [LoggerMessage(
        EventId = 62,
        Level = LogLevel.Warning,
        Message = "Round {Round}, job {Job}: the scheduler could not start it (state {State}); cancelled"
    )]
    private static partial void NeverStarts(ILogger log, RoundId round, int job, string state);
}
