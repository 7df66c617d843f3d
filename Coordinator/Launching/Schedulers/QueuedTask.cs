using System.Globalization;
using System.Text.RegularExpressions;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>What a scheduler does with a task.</summary>
internal enum QueuedState
{
    /// <summary>It waits.</summary>
    Waiting,

    /// <summary>It waits and can never start.</summary>
    Failed,

    /// <summary>It runs, or its state is not known to be another one.</summary>
    Running,
}

/// <summary>A job, or a task of an array, that waits or runs.</summary>
/// <param name="Id">The scheduler's id of the job or array.</param>
/// <param name="Name">The name of the job or array.</param>
/// <param name="Index">The index of the task; null: no array.</param>
/// <param name="State">The state.</param>
/// <param name="StateText">The state as the scheduler prints it.</param>
internal sealed record QueuedTask(string Id, string Name, int? Index, QueuedState State, string StateText)
{
    /// <summary>The tasks in the output of the scheduler's list.</summary>
    public static IReadOnlyList<QueuedTask> Parse(QueueQuery query, string output)
    {
        var tasks = new List<QueuedTask>();
        foreach (Match found in Expression.Compile(query.Job).Matches(output))
        {
            var state = found.Groups["state"].Value.Trim();
            if (Expression.Matches(query.Ended, state))
                continue;
            var kind =
                Expression.Matches(query.Failed, state) ? QueuedState.Failed
                : Expression.Matches(query.Waiting, state) ? QueuedState.Waiting
                : QueuedState.Running;
            var one = new QueuedTask(found.Groups["id"].Value, found.Groups["name"].Value.Trim(), null, kind, state);
            var indices = Indices(found.Groups["tasks"].Value);
            if (indices.Count == 0)
                tasks.Add(one);
            else
                tasks.AddRange(indices.Select(index => one with { Index = index }));
        }
        return tasks;
    }

    /// <summary>The numbers in <c>3</c> or <c>4-6:1,9</c>; none for another text.</summary>
    internal static IReadOnlyList<int> Indices(string text)
    {
        var indices = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var step = part.Split(':');
            var ends = step[0].Split('-');
            var (first, last, by) = (Number(ends[0]), Number(ends[^1]), step.Length > 1 ? Number(step[1]) : 1);
            if (first is null || last is null || by is not > 0)
                return [];
            for (var index = first.Value; index <= last; index += by.Value)
                indices.Add(index);
        }
        return indices;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
