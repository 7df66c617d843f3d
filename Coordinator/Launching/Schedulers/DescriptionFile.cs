using System.Text.Json;
using System.Text.RegularExpressions;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>Reads descriptions of schedulers, and checks every word and expression before one is used.</summary>
internal static class DescriptionFile
{
    /// <summary>The scheduler whose description is part of the program.</summary>
    public const string GridEngine = "sge";

    /// <summary>The description of <see cref="GridEngine"/>.</summary>
    public static SchedulerDescription OfGridEngine()
    {
        using var stream = typeof(DescriptionFile).Assembly.GetManifestResourceStream($"{GridEngine}.json")!;
        return JsonSerializer.Deserialize(stream, DescriptionJson.Default.SchedulerDescription)!;
    }

    /// <summary>The description in a file.</summary>
    /// <exception cref="BadInputException">It cannot be read or used; the message names the key.</exception>
    public static SchedulerDescription Read(string path)
    {
        var text = JsonText.Read(path);
        try
        {
            var description = JsonSerializer.Deserialize(text.Span, DescriptionJson.Default.SchedulerDescription)!;
            Check(path, description);
            return description;
        }
        catch (JsonException failure)
        {
            throw new BadInputException(
                $"The description of a scheduler '{path}' cannot be read: {JsonText.Describe(failure)} docs/schedulers.md lists the keys.",
                failure
            );
        }
    }

    private static void Check(string path, SchedulerDescription one)
    {
        if (one.Format != SchedulerDescription.CurrentFormat)
            throw Wrong(path, "format", $"is {one.Format}; this program reads format {SchedulerDescription.CurrentFormat}.");
        if (one.Name.Length == 0 || !one.Name.All(character => char.IsAsciiLetterOrDigit(character) || "-_".Contains(character)))
            throw Wrong(path, "name", $"is '{one.Name}'; letters, digits, '-' and '_' were expected.");
        if (one.Name is "slurm" or "local" or "nobody")
            throw Wrong(path, "name", $"is '{one.Name}', which 'status' uses for something else. Choose another name.");
        CheckWords(path, one);
        CheckExpressions(path, one);
        if (one.Limits.ArrayTasks < 1)
            throw Wrong(path, "limits.arrayTasks", $"is {one.Limits.ArrayTasks}; a number of tasks from 1 was expected.");
        foreach (var meaning in one.Endings?.Meanings ?? [])
        {
            if (meaning.Ending is JobOutcomeKind.Finished or JobOutcomeKind.Waiting or JobOutcomeKind.Running)
                throw Wrong(
                    path,
                    "endings.meanings",
                    $"gives '{meaning.Text}' the meaning '{meaning.Ending}'. A text can only explain a failure: success is proved by "
                        + "results."
                );
        }
    }

    private static void CheckWords(string path, SchedulerDescription one)
    {
        var submit = one.Submit;
        string[] job = ["name", "script", "quotedScript"];
        string[] request = ["seconds", "minutes", "megabytes", "threads"];
        foreach (
            var (key, words, known, needed) in ((string Key, IReadOnlyList<string>? Words, string[] Known, string? Needed)[])
                [
                    ("submit.command", submit.Command, job, null),
                    ("submit.script", submit.Script, job, null),
                    ("submit.arrayId", submit.ArrayId is { } id ? [id] : null, ["id"], "id"),
                    ("submit.array", submit.Array, ["name", "first", "last"], "last"),
                    ("submit.single", submit.Single, ["name"], null),
                    ("submit.throttle", submit.Throttle, ["throttle"], "throttle"),
                    ("submit.throttledArray", submit.ThrottledArray, ["name", "first", "last", "throttle"], "throttle"),
                    ("submit.after.words", submit.After.Words, ["jobs"], "jobs"),
                    ("submit.after.job", [submit.After.Job], ["id"], "id"),
                    ("submit.at.words", submit.At?.Words, ["time"], "time"),
                    ("submit.time", submit.Time, request, null),
                    ("submit.memory", submit.Memory, request, null),
                    ("submit.threads", submit.Threads, request, null),
                    ("submit.resources", submit.Resources, request, null),
                    ("submit.partition", submit.Partition, ["value"], "value"),
                    ("submit.account", submit.Account, ["value"], "value"),
                    ("submit.qos", submit.Qos, ["value"], "value"),
                    ("queue.command", one.Queue.Command, ["user"], null),
                    ("endings.command", one.Endings?.Command, ["id"], "id"),
                    ("cancel", one.Cancel, ["id"], "id"),
                    ("cancelTask", one.CancelTask, ["id", "index"], "index"),
                ]
        )
        {
            if (words is null)
                continue;
            if (Words.Unknown(words, known) is { } unknown)
                throw Wrong(path, key, $"holds the placeholder '{{{unknown}}}'. {NearestNames.Hint(unknown, known)}");
            if (needed is not null && !words.Any(word => word.Contains($"{{{needed}}}", StringComparison.Ordinal)))
                throw Wrong(path, key, $"has no {{{needed}}}, without which the command cannot work.");
        }
        if (submit.Command.Count == 0 || one.Queue.Command.Count == 0 || one.Cancel.Count == 0 || one.Endings?.Command.Count == 0)
            throw Wrong(path, "a command", "is an empty list; a program and its arguments were expected.");
        var always = submit.Command.Concat(submit.Script).ToList();
        if (!always.Exists(word => word.Contains("cript}", StringComparison.Ordinal)))
            throw Wrong(path, "submit.script", "has no {script} or {quotedScript}, without which there is nothing to run.");
        if (!always.Concat(submit.Single).Any(word => word.Contains("{name}", StringComparison.Ordinal)))
            throw Wrong(path, "submit.command", "has no {name}, by which a submission that was interrupted is found again.");
    }

    private static void CheckExpressions(string path, SchedulerDescription one)
    {
        foreach (
            var (key, text, groups) in ((string Key, string? Text, string[] Groups)[])
                [
                    ("submit.id", one.Submit.Id, ["id"]),
                    ("submit.busy", one.Submit.Busy, []),
                    ("queue.job", one.Queue.Job, ["id", "name", "state", "tasks"]),
                    ("queue.waiting", one.Queue.Waiting, []),
                    ("queue.failed", one.Queue.Failed, []),
                    ("queue.ended", one.Queue.Ended, []),
                    ("endings.job", one.Endings?.Job, ["id", "task", "text"]),
                    .. (one.Endings?.Meanings ?? []).Select(meaning => ("endings.meanings", (string?)meaning.Text, (string[])[])),
                ]
        )
        {
            if (text is null)
                continue;
            Regex expression;
            try
            {
                expression = Expression.Compile(text);
            }
            catch (ArgumentException failure)
            {
                throw Wrong(path, key, $"is '{text}', which is no regular expression: {failure.Message}");
            }
            if (groups.Except(expression.GetGroupNames()).FirstOrDefault() is { } missing)
                throw Wrong(path, key, $"has no group (?<{missing}>…).");
        }
    }

    private static BadInputException Wrong(string path, string key, string what) =>
        new($"The description of a scheduler '{path}' cannot be used: {key} {what}");
}
