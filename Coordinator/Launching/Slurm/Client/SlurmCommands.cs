using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// The scheduler's programs as questions and orders. What a busy or restarting controller refuses is tried again; what it refuses for good
/// is a <see cref="SchedulerException"/> in its own words.
/// </summary>
/// <param name="runner">Runs programs.</param>
/// <param name="backOff">When to try again.</param>
/// <param name="log">Where tries are told.</param>
internal sealed partial class SlurmCommands(ICommandRunner runner, BackOff backOff, ILogger log)
{
    /// <summary>Longer than a program of Slurm tries by itself before it gives its controller up.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    /// <summary>Runs a program until it answers.</summary>
    /// <exception cref="SchedulerException">It is not there, refuses, or is still not answered after all tries.</exception>
    public string Ask(string program, IReadOnlyList<string> arguments, CancellationToken token)
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

    /// <summary>The same for a program whose absence or refusal is an answer too: null.</summary>
    public string? TryAsk(string program, IReadOnlyList<string> arguments, CancellationToken token)
    {
        var answer = runner.Run(program, arguments, Limit, token);
        return answer.Succeeded ? answer.Output : null;
    }

    /// <summary>
    /// Submits a job under a name that no other job has. A submission that seemed to fail may have come through, so before each further try
    /// the name is looked up in the queue.
    /// </summary>
    /// <param name="name">The unique name; <paramref name="arguments"/> give it to the job.</param>
    /// <param name="arguments">Those of sbatch.</param>
    /// <param name="wasTried">An earlier command may have submitted it already.</param>
    /// <param name="token">Stops the waiting.</param>
    /// <returns>The job's id.</returns>
    public int Submit(string name, IReadOnlyList<string> arguments, bool wasTried, CancellationToken token)
    {
        if (wasTried && FindOne(name, token) is { } there)
            return there;
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
            SubmittedAllTheSame(log, name, submitted);
            return submitted;
        }
    }

    /// <summary>
    /// The jobs of this user with some names that the queue knows, arrays once. A squeue of the site may answer with more than it was asked
    /// for.
    /// </summary>
    public IReadOnlyList<QueuedJob> Find(IReadOnlyList<string> names, CancellationToken token)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        return [.. Own("all", ["-n", string.Join(',', names)], token).Where(job => wanted.Contains(job.Name))];
    }

    /// <summary>What squeue answers about this user's jobs.</summary>
    private IReadOnlyList<QueuedJob> Own(string states, string[] filter, CancellationToken token) =>
        QueuedJob.Parse(Ask("squeue", ["-h", "-a", "-t", states, .. filter, "-o", QueuedJob.Format], token), ProcessUser.Number);

    private int? FindOne(string name, CancellationToken token) => Find([name], token) is [var first, ..] ? first.Id : null;

    /// <summary>The tasks of some jobs that the controller still remembers. Jobs it has forgotten are left out.</summary>
    public IReadOnlyList<SlurmTask> Queue(IReadOnlyList<int> ids, CancellationToken token)
    {
        if (ids.Count == 0)
            return [];
        var wanted = ids.ToHashSet();
        return Remembered(() =>
                SqueueTasks.Parse(
                    Ask("squeue", ["-h", "-a", "-r", "-t", "all", "-j", string.Join(',', ids), "-O", SqueueTasks.Format], token)
                )
            )
            .Where(task => wanted.Contains(task.Job))
            .ToList();
    }

    /// <summary>Empty when the controller has forgotten all of the jobs that are asked about.</summary>
    private static IReadOnlyList<T> Remembered<T>(Func<IReadOnlyList<T>> ask)
    {
        try
        {
            return ask();
        }
        catch (SchedulerException forgotten) when (forgotten.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }
    }

    /// <summary>All starts of the tasks of some jobs, from the accounting; null where there is none.</summary>
    public IReadOnlyList<SlurmTask>? Accounting(IReadOnlyList<int> ids, CancellationToken token) =>
        TryAsk("sacct", ["-n", "-P", "-X", "-D", "-j", string.Join(',', ids), "--format=" + SacctJobs.Format], token) is { } output
            ? SacctJobs.Parse(output)
            : null;

    /// <summary>Lets held jobs go. A job that has ended or is not held is left as it is.</summary>
    public void Release(IReadOnlyList<int> ids, CancellationToken token) =>
        OrderKnown("scontrol", ["release", string.Join(',', ids)], token);

    /// <summary>
    /// Ends jobs, or tasks of them; those that have ended are left as they are. Each is looked up first: a job of another name or user that
    /// has such an id now (ids begin again where a controller lost its state) is left alone.
    /// </summary>
    public void Cancel(IReadOnlyList<CancelledJob> jobs, CancellationToken token) => Cancel(jobs, "all", [], token);

    /// <summary>Ends those of some jobs that have not begun.</summary>
    public void CancelWaiting(IReadOnlyList<CancelledJob> jobs, CancellationToken token) =>
        Cancel(jobs, "pending", ["--state=PENDING"], token);

    private void Cancel(IReadOnlyList<CancelledJob> jobs, string states, string[] options, CancellationToken token)
    {
        if (jobs.Count == 0)
            return;
        var ids = string.Join(',', jobs.Select(job => job.Id).Distinct());
        var known = Remembered(() => Own(states, ["-j", ids], token)).ToHashSet();
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
            OrderKnown("scancel", [.. options, .. some], token);
    }

    /// <summary>An order to which "that job is over" is no refusal.</summary>
    private void OrderKnown(string program, IReadOnlyList<string> arguments, CancellationToken token)
    {
        try
        {
            Ask(program, arguments, token);
        }
        catch (SchedulerException over)
            when (over.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase)
                || over.Message.Contains("already finished", StringComparison.OrdinalIgnoreCase)
                || over.Message.Contains("already completing", StringComparison.OrdinalIgnoreCase)
            )
        {
            OrderCameLate(log, program, over.Message);
        }
    }

    private void Wait(string program, CommandAnswer answer, TimeSpan pause, CancellationToken token)
    {
        TriedAgain(log, program, answer.Errors.Trim(), pause.TotalSeconds);
        backOff.Sleep(pause, token);
    }

    private static SchedulerException Refused(string program, CommandAnswer answer)
    {
        var said = (answer.Errors + answer.Output).Trim();
        var words = answer.Fate switch
        {
            CommandFate.NotFound =>
                $"{said} Slurm's programs are needed here: run this on a login node of the cluster, or load its module.",
            CommandFate.TimedOut => $"'{program}' gave {said}, however often it was asked. The controller may be down; try again later.",
            _ => $"'{program}' ended with exit code {answer.ExitCode}: {said}",
        };
        return new(words, TransientErrors.Match(answer));
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "'{Program}' was not answered ({Said}); tried again in {Seconds} s")]
    private static partial void TriedAgain(ILogger log, string program, string said, double seconds);

    [LoggerMessage(
        EventId = 21,
        Level = LogLevel.Warning,
        Message = "The submission of '{Name}' that seemed to fail had come through as job {Id}"
    )]
    private static partial void SubmittedAllTheSame(ILogger log, string name, int id);

    [LoggerMessage(
        EventId = 23,
        Level = LogLevel.Warning,
        Message = "Jobs {Ids} in the queue have other names than this run's jobs with these ids, and are not cancelled"
    )]
    private static partial void NotOurs(ILogger log, string ids);

    [LoggerMessage(EventId = 22, Level = LogLevel.Debug, Message = "'{Program}' came too late: {Said}")]
    private static partial void OrderCameLate(ILogger log, string program, string said);
}
