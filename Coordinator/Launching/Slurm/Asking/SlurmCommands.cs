using System.Globalization;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching.Slurm.Asking;

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
            if (answer.Succeeded || !TransientErrors.Match(answer)) break;
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
        if (wasTried && FindOne(name, token) is { } there) return there;
        for (var attempt = 0; ; attempt++)
        {
            var answer = runner.Run("sbatch", ["--parsable", .. arguments], Limit, token);
            if (answer.Succeeded) return JobIdOf(answer.Output);
            if (!TransientErrors.Match(answer) || attempt >= backOff.Pauses.Count) throw Refused("sbatch", answer);
            Wait("sbatch", answer, backOff.Pauses[attempt], token);
            if (FindOne(name, token) is not { } submitted) continue;
            SubmittedAllTheSame(log, name, submitted);
            return submitted;
        }
    }

    /// <summary>The jobs of some names that the queue knows, arrays once.</summary>
    public IReadOnlyList<(int Id, string Name)> Find(IReadOnlyList<string> names, CancellationToken token)
    {
        var output = Ask("squeue", ["-h", "-a", "-t", "all", "-n", string.Join(',', names), "-o", "%F|%j"], token);
        var found = new List<(int, string)>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var bar = line.IndexOf('|', StringComparison.Ordinal);
            if (bar > 0 && int.TryParse(line[..bar], NumberStyles.None, CultureInfo.InvariantCulture, out var id)) found.Add((id, line[(bar + 1)..].Trim()));
        }
        return [.. found.Distinct()];
    }

    private int? FindOne(string name, CancellationToken token) => Find([name], token) is [var first, ..] ? first.Id : null;

    /// <summary>The tasks of some jobs that the controller still remembers. Jobs it has forgotten are left out.</summary>
    public IReadOnlyList<SlurmTask> Queue(IReadOnlyList<int> ids, CancellationToken token)
    {
        if (ids.Count == 0) return [];
        try
        {
            return SqueueTasks.Parse(Ask("squeue", ["-h", "-a", "-r", "-t", "all", "-j", string.Join(',', ids), "-O", SqueueTasks.Format], token));
        }
        catch (SchedulerException forgotten) when (forgotten.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }
    }

    /// <summary>All starts of the tasks of some jobs, from the accounting; null where there is none.</summary>
    public IReadOnlyList<SlurmTask>? Accounting(IReadOnlyList<int> ids, CancellationToken token) =>
        TryAsk("sacct", ["-n", "-P", "-X", "-D", "-j", string.Join(',', ids), "--format=" + SacctJobs.Format], token) is { } output ? SacctJobs.Parse(output) : null;

    /// <summary>Lets held jobs go. A job that has ended or is not held is left as it is.</summary>
    public void Release(IReadOnlyList<int> ids, CancellationToken token) => OrderKnown("scontrol", ["release", string.Join(',', ids)], token);

    /// <summary>Ends jobs or tasks (<c>12</c>, <c>12_3</c>); those that have ended are left as they are.</summary>
    public void Cancel(IReadOnlyList<string> jobs, CancellationToken token)
    {
        foreach (var some in jobs.Chunk(500)) OrderKnown("scancel", some, token);
    }

    /// <summary>Ends those of some jobs that have not begun.</summary>
    public void CancelWaiting(IReadOnlyList<int> ids, CancellationToken token) => OrderKnown("scancel", ["--state=PENDING", .. ids.Select(id => $"{id}")], token);

    /// <summary>An order to which "that job is over" is no refusal.</summary>
    private void OrderKnown(string program, IReadOnlyList<string> arguments, CancellationToken token)
    {
        try
        {
            Ask(program, arguments, token);
        }
        catch (SchedulerException over) when (
            over.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase) || over.Message.Contains("already finished", StringComparison.OrdinalIgnoreCase)
            || over.Message.Contains("already completing", StringComparison.OrdinalIgnoreCase))
        {
            OrderCameLate(log, program, over.Message);
        }
    }

    private void Wait(string program, CommandAnswer answer, TimeSpan pause, CancellationToken token)
    {
        TriedAgain(log, program, answer.Errors.Trim(), pause.TotalSeconds);
        backOff.Sleep(pause, token);
    }

    private static int JobIdOf(string output)
    {
        var line = output.Trim().Split('\n')[^1];
        var cluster = line.IndexOf(';', StringComparison.Ordinal); // "id;cluster" where there are several clusters
        return int.TryParse(cluster < 0 ? line : line[..cluster], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new SchedulerException($"sbatch answered '{output.Trim()}' where a job id was expected. Is 'sbatch' in the path a wrapper of the site?");
    }

    private static SchedulerException Refused(string program, CommandAnswer answer)
    {
        var said = (answer.Errors + answer.Output).Trim();
        var words = answer.Fate switch
        {
            CommandFate.NotFound => $"{said} Slurm's programs are needed here: run this on a login node of the cluster, or load its module.",
            CommandFate.TimedOut => $"'{program}' gave {said}, however often it was asked. The controller may be down; try again later.",
            _ => $"'{program}' ended with exit code {answer.ExitCode}: {said}",
        };
        return new(words, TransientErrors.Match(answer));
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "'{Program}' was not answered ({Said}); tried again in {Seconds} s")]
    private static partial void TriedAgain(ILogger log, string program, string said, double seconds);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "The submission of '{Name}' that seemed to fail had come through as job {Id}")]
    private static partial void SubmittedAllTheSame(ILogger log, string name, int id);

    [LoggerMessage(EventId = 22, Level = LogLevel.Debug, Message = "'{Program}' came too late: {Said}")]
    private static partial void OrderCameLate(ILogger log, string program, string said);
}
