using System.Collections;
using System.Text.RegularExpressions;
using HpcFit.Coordinator.Launching.Batch;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>Calls a scheduler's commands as its description gives them. Refusals of a busy scheduler are retried.</summary>
/// <param name="scheduler">The description.</param>
/// <param name="runner">Runs programs.</param>
/// <param name="backOff">When to retry.</param>
/// <param name="log">Receives a warning per retry.</param>
internal sealed partial class SchedulerCommands(SchedulerDescription scheduler, ICommandRunner runner, BackOff backOff, ILogger log)
{
    private const int MaxQuoted = 300;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan BetweenLookups = TimeSpan.FromSeconds(2);

    /// <summary>The environment of a scheduler's programs: its messages must have the language that the expressions expect.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(IDictionary environment)
    {
        var own = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in environment)
            own[(string)entry.Key] = (string?)entry.Value ?? "";
        own["LC_ALL"] = "C";
        return own;
    }

    /// <summary>
    /// Submits a job. A submission that seemed to fail may have succeeded, so before each retry its name is looked up in the queue.
    /// </summary>
    /// <param name="job">The job, which has no id.</param>
    /// <param name="words">The command, which gives it its name.</param>
    /// <param name="wasTried">An earlier command may have submitted it already.</param>
    /// <param name="token">Stops waiting.</param>
    /// <returns>The job with its id.</returns>
    /// <exception cref="SchedulerException">The scheduler refuses the job, or does not answer.</exception>
    public SubmittedJob Submit(SubmittedJob job, IReadOnlyList<string> words, bool wasTried, CancellationToken token)
    {
        for (var attempt = 0; ; attempt++)
        {
            if ((wasTried || attempt > 0) && Find(job, token) is { } existing)
                return job with { Id = existing };
            var answer = Call(words, token);
            if (answer.Succeeded)
                return job with { Id = IdIn(answer.Output) ?? Find(job, token) ?? throw NotUnderstood(words[0], answer.Output) };
            if (!IsBusy(answer) || attempt >= backOff.Pauses.Count)
                throw Refused(words[0], answer);
            Wait(words[0], answer, backOff.Pauses[attempt], token);
        }
    }

    /// <summary>The user's jobs and tasks that wait or run.</summary>
    /// <exception cref="SchedulerException">The scheduler does not answer.</exception>
    public IReadOnlyList<QueuedTask> Queue(CancellationToken token) =>
        QueuedTask.Parse(scheduler.Queue, Run(Words.Fill(scheduler.Queue.Command, ("user", Environment.UserName)), token));

    /// <summary>
    /// The texts about the ends of jobs and tasks, in their order, by id and index (0: no array). Jobs without a record are omitted.
    /// </summary>
    /// <param name="jobs">The jobs and arrays.</param>
    /// <param name="isWanted">Whether anything that ended is still without a text: then records are read again for some seconds.</param>
    /// <param name="token">Stops waiting.</param>
    public IReadOnlyDictionary<(string Id, int Index), string> Endings(
        IReadOnlyList<SubmittedJob> jobs,
        Func<IReadOnlyDictionary<(string Id, int Index), string>, bool> isWanted,
        CancellationToken token
    )
    {
        if (scheduler.Endings is not { } query || jobs.Count == 0)
            return new Dictionary<(string, int), string>();
        var lookups = backOff.Pauses.Count == 0 ? 0 : (int)Math.Ceiling(query.WaitSeconds / BetweenLookups.TotalSeconds);
        for (var lookup = 0; ; lookup++)
        {
            var found = new Dictionary<(string, int), string>();
            foreach (var job in jobs)
            {
                // A job without a record is an error of many of these commands.
                var answer = Call([.. Words.Fill(query.Command, ("id", Reference(job)))], token);
                foreach (Match one in Expression.Compile(query.Job).Matches(answer.Output))
                    found[(one.Groups["id"].Value, QueuedTask.Indices(one.Groups["task"].Value) is [var index, ..] ? index : 0)] =
                        one.Groups["text"].Value;
            }
            if (lookup >= lookups || !isWanted(found))
                return found;
            backOff.Sleep(BetweenLookups, token);
        }
    }

    /// <summary>Cancels those of the jobs that are in the queue under their names.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="isWanted">Which states are cancelled.</param>
    /// <param name="token">Stops waiting.</param>
    /// <returns>The cancelled jobs.</returns>
    public IReadOnlyList<SubmittedJob> Cancel(IEnumerable<SubmittedJob> jobs, Func<QueuedTask, bool> isWanted, CancellationToken token)
    {
        var names = jobs.Select(job => job.Name).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
            return [];
        var queued = Queue(token)
            .Where(task => names.Contains(task.Name) && isWanted(task))
            .Select(task => new SubmittedJob(task.Name, task.Index is not null, task.Id))
            .Distinct()
            .ToList();
        foreach (var job in queued)
            CancelOne([.. Words.Fill(scheduler.Cancel, ("id", Reference(job)))], task => task.Id == job.Id && isWanted(task), token);
        return queued;
    }

    /// <summary>Cancels a task of an array, or a job alone; nothing where the scheduler has no command for that.</summary>
    /// <returns>Whether it has one.</returns>
    public bool CancelTask(SubmittedJob job, int? index, CancellationToken token)
    {
        var words = index is null ? scheduler.Cancel : scheduler.CancelTask;
        if (words is null)
            return false;
        CancelOne(
            [.. Words.Fill(words, ("id", index is null ? Reference(job) : job.Id!), ("index", $"{index}"))],
            task => task.Id == job.Id && (index is null || task.Index == index),
            token
        );
        return true;
    }

    /// <summary>How other commands name a job.</summary>
    public string Reference(SubmittedJob job) =>
        job.IsArray && scheduler.Submit.ArrayId is { } form ? Words.Fill(form, ("id", job.Id!)) : job.Id!;

    /// <summary>A job that ended meanwhile is no error.</summary>
    private void CancelOne(IReadOnlyList<string> words, Func<QueuedTask, bool> isMeant, CancellationToken token)
    {
        var answer = Call(words, token);
        if (!answer.Succeeded && Queue(token).Any(isMeant))
            throw Refused(words[0], answer);
    }

    private string? Find(SubmittedJob job, CancellationToken token) => Queue(token).FirstOrDefault(task => task.Name == job.Name)?.Id;

    private string? IdIn(string output) =>
        Expression.Compile(scheduler.Submit.Id).Match(output) is { Success: true } found ? found.Groups["id"].Value : null;

    private string Run(IEnumerable<string> command, CancellationToken token)
    {
        var words = command.ToList();
        var answer = Call(words, token);
        foreach (var pause in backOff.Pauses)
        {
            if (answer.Succeeded || !IsBusy(answer))
                break;
            Wait(words[0], answer, pause, token);
            answer = Call(words, token);
        }
        return answer.Succeeded ? answer.Output : throw Refused(words[0], answer);
    }

    private CommandAnswer Call(IReadOnlyList<string> words, CancellationToken token) =>
        runner.Run(words[0], [.. words.Skip(1)], Limit, token);

    private bool IsBusy(CommandAnswer answer) =>
        answer.Ending switch
        {
            CommandEnding.TimedOut => true,
            CommandEnding.NotFound => false,
            _ => answer.ExitCode != 0 && Expression.Matches(scheduler.Submit.Busy, answer.Errors + answer.Output),
        };

    private void Wait(string program, CommandAnswer answer, TimeSpan pause, CancellationToken token)
    {
        Retrying(log, program, answer.Errors.Trim(), pause.TotalSeconds);
        backOff.Sleep(pause, token);
    }

    private SchedulerException Refused(string program, CommandAnswer answer)
    {
        var output = (answer.Errors + answer.Output).Trim();
        var message = answer.Ending switch
        {
            CommandEnding.NotFound =>
                $"{output} The commands of the scheduler '{scheduler.Name}' are needed here: run this command on a login node of the "
                    + "cluster, or load its module.",
            CommandEnding.TimedOut => $"'{program}' gave {output}, despite retries. The scheduler may be down; try again later.",
            _ => $"'{program}' ended with exit code {answer.ExitCode}: {output}",
        };
        return new(message, IsBusy(answer));
    }

    private SchedulerException NotUnderstood(string program, string output) =>
        new(
            $"'{program}' printed '{output.Trim()[..Math.Min(output.Trim().Length, MaxQuoted)]}', in which submit.id of the scheduler "
                + $"'{scheduler.Name}' ({scheduler.Submit.Id}) finds no job id, and the queue does not list the job. Correct "
                + "the description."
        );

    [LoggerMessage(EventId = 60, Level = LogLevel.Warning, Message = "'{Program}' was not answered ({Output}); retrying in {Seconds} s")]
    private static partial void Retrying(ILogger log, string program, string output, double seconds);
}
