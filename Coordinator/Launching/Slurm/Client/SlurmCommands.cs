using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Shared.Files;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// Calls the scheduler's programs. Refusals of a busy or restarting controller are retried; a permanent refusal
/// is a <see cref="SchedulerException"/> with the program's message.
/// </summary>
/// <param name="runner">Runs programs.</param>
/// <param name="backOff">When to retry.</param>
/// <param name="log">Receives a warning per retry.</param>
internal sealed partial class SlurmCommands(ICommandRunner runner, BackOff backOff, ILogger log)
{
    /// <summary>Longer than Slurm's programs retry by themselves before they report an unreachable controller.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    /// <summary>Runs a program, with retries, and returns its standard output.</summary>
    /// <exception cref="SchedulerException">It does not exist, refuses, or still gets no answer after all retries.</exception>
    public string Run(string program, IReadOnlyList<string> arguments, CancellationToken token)
    {
        var answer = runner.Run(program, arguments, Limit, token);
        foreach (var pause in backOff.Pauses)
        {
            if (answer.Succeeded || !TransientErrors.Match(answer))
                break;
            Wait(program, answer, pause, token);
            answer = runner.Run(program, arguments, Limit, token);
        }
        return answer.Succeeded ? answer.Output : throw Refused(program, answer);
    }

    /// <summary>Runs a program once and returns its standard output; null if it does not exist or fails.</summary>
    public string? TryRun(string program, IReadOnlyList<string> arguments, CancellationToken token)
    {
        var answer = runner.Run(program, arguments, Limit, token);
        return answer.Succeeded ? answer.Output : null;
    }

    /// <summary>
    /// Submits a job under a name that no other job has. A submission that seemed to fail may have succeeded, so before each retry
    /// the name is looked up in the queue.
    /// </summary>
    /// <param name="name">The unique name; <paramref name="arguments"/> give it to the job.</param>
    /// <param name="arguments">Arguments of sbatch.</param>
    /// <param name="wasTried">An earlier command may have submitted it already.</param>
    /// <param name="token">Stops waiting.</param>
    /// <returns>The job's id.</returns>
    public int Submit(string name, IReadOnlyList<string> arguments, bool wasTried, CancellationToken token)
    {
        if (wasTried && FindOne(name, token) is { } existing)
            return existing;
        for (var attempt = 0; ; attempt++)
        {
            var answer = runner.Run("sbatch", ["--parsable", .. arguments], Limit, token);
            if (answer.Succeeded)
                return SbatchAnswer.JobId(answer.Output) ?? FindOne(name, token) ?? throw SbatchAnswer.NotUnderstood(answer.Output);
            if (!TransientErrors.Match(answer) || attempt >= backOff.Pauses.Count)
                throw Refused("sbatch", answer);
            Wait("sbatch", answer, backOff.Pauses[attempt], token);
            if (FindOne(name, token) is not { } submitted)
                continue;
            SubmittedNevertheless(log, name, submitted);
            return submitted;
        }
    }

    /// <summary>
    /// This user's jobs with the given names in the queue, each array once. A site's wrapper of squeue may print other jobs as
    /// well.
    /// </summary>
    public IReadOnlyList<QueuedJob> Find(IReadOnlyList<string> names, CancellationToken token)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        return [.. OfThisUser("all", ["-n", string.Join(',', names)], token).Where(job => wanted.Contains(job.Name))];
    }

    /// <summary>This user's jobs according to squeue.</summary>
    private IReadOnlyList<QueuedJob> OfThisUser(string states, string[] filter, CancellationToken token) =>
        QueuedJob.Parse(Run("squeue", ["-h", "-a", "-t", states, .. filter, "-o", QueuedJob.Format], token), Posix.User);

    private int? FindOne(string name, CancellationToken token) => Find([name], token) is [var first, ..] ? first.Id : null;

    /// <summary>The tasks of jobs that the controller still knows. Jobs that it has purged are omitted.</summary>
    public IReadOnlyList<SlurmTask> Queue(IReadOnlyList<int> ids, CancellationToken token)
    {
        if (ids.Count == 0)
            return [];
        var wanted = ids.ToHashSet();
        return IfKnown(() =>
                SqueueTasks.Parse(
                    Run("squeue", ["-h", "-a", "-r", "-t", "all", "-j", string.Join(',', ids), "-O", SqueueTasks.Format], token)
                )
            )
            .Where(task => wanted.Contains(task.Job))
            .ToList();
    }

    /// <summary>Empty when the controller has purged all of the requested jobs.</summary>
    private static IReadOnlyList<T> IfKnown<T>(Func<IReadOnlyList<T>> query)
    {
        try
        {
            return query();
        }
        catch (SchedulerException purged) when (purged.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }
    }

    /// <summary>All starts of the tasks of jobs, from the accounting; null if there is no accounting.</summary>
    public IReadOnlyList<SlurmTask>? Accounting(IReadOnlyList<int> ids, CancellationToken token) =>
        TryRun("sacct", ["-n", "-P", "-X", "-D", "-j", string.Join(',', ids), "--format=" + SacctJobs.Format], token) is { } output
            ? SacctJobs.Parse(output)
            : null;

    /// <summary>Releases held jobs. Has no effect on a job that has ended or is not held.</summary>
    public void Release(IReadOnlyList<int> ids, CancellationToken token) =>
        RunIfKnown("scontrol", ["release", string.Join(',', ids)], token);

    /// <summary>
    /// Cancels jobs, or tasks of them. Each is looked up first: a job of another name or user that now
    /// has the same id (ids restart when a controller loses its state) is not cancelled.
    /// </summary>
    public void Cancel(IReadOnlyList<CancelledJob> jobs, CancellationToken token) => Cancel(jobs, "all", [], token);

    /// <summary>Cancels those of the jobs that have not started.</summary>
    public void CancelWaiting(IReadOnlyList<CancelledJob> jobs, CancellationToken token) =>
        Cancel(jobs, "pending", ["--state=PENDING"], token);

    private void Cancel(IReadOnlyList<CancelledJob> jobs, string states, string[] options, CancellationToken token)
    {
        if (jobs.Count == 0)
            return;
        var ids = string.Join(',', jobs.Select(job => job.Id).Distinct());
        var known = IfKnown(() => OfThisUser(states, ["-j", ids], token)).ToHashSet();
        var (ours, others) = (new List<string>(), new List<int>());
        foreach (var job in jobs)
        {
            if (known.Contains(new(job.Id, job.Name)))
                ours.Add(job.Text);
            else if (known.Any(one => one.Id == job.Id))
                others.Add(job.Id);
        }
        if (others.Count > 0)
            NotOurs(log, string.Join(", ", others.Distinct()));
        foreach (var some in ours.Distinct().Chunk(500))
            RunIfKnown("scancel", [.. options, .. some], token);
    }

    /// <summary>Runs a command for which it is no error that the job has ended.</summary>
    private void RunIfKnown(string program, IReadOnlyList<string> arguments, CancellationToken token)
    {
        try
        {
            Run(program, arguments, token);
        }
        catch (SchedulerException ended)
            when (ended.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase)
                || ended.Message.Contains("already finished", StringComparison.OrdinalIgnoreCase)
                || ended.Message.Contains("already completing", StringComparison.OrdinalIgnoreCase)
            )
        {
            CameTooLate(log, program, ended.Message);
        }
    }

    private void Wait(string program, CommandAnswer answer, TimeSpan pause, CancellationToken token)
    {
        Retrying(log, program, answer.Errors.Trim(), pause.TotalSeconds);
        backOff.Sleep(pause, token);
    }

    private static SchedulerException Refused(string program, CommandAnswer answer)
    {
        var output = (answer.Errors + answer.Output).Trim();
        var message = answer.Ending switch
        {
            CommandEnding.NotFound =>
                $"{output} Slurm's programs are needed here: run this command on a login node of the cluster, or load its module.",
            CommandEnding.TimedOut => $"'{program}' gave {output}, despite retries. The controller may be down; try again later.",
            _ => $"'{program}' ended with exit code {answer.ExitCode}: {output}",
        };
        return new(message, TransientErrors.Match(answer));
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "'{Program}' was not answered ({Output}); retrying in {Seconds} s")]
    private static partial void Retrying(ILogger log, string program, string output, double seconds);

    [LoggerMessage(
        EventId = 21,
        Level = LogLevel.Warning,
        Message = "The submission of '{Name}' that seemed to fail had succeeded as job {Id}"
    )]
    private static partial void SubmittedNevertheless(ILogger log, string name, int id);

    [LoggerMessage(
        EventId = 23,
        Level = LogLevel.Warning,
        Message = "Jobs {Ids} in the queue have other names than this run's jobs with these ids, and are not cancelled"
    )]
    private static partial void NotOurs(ILogger log, string ids);

    [LoggerMessage(EventId = 22, Level = LogLevel.Debug, Message = "'{Program}' came too late: {Output}")]
    private static partial void CameTooLate(ILogger log, string program, string output);
}
