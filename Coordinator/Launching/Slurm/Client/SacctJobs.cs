using System.Globalization;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// Reads <c>sacct -n -P -X -D</c>: one line per task and start, so that a restarted task has several, in order.
/// </summary>
internal static class SacctJobs
{
    /// <summary>The requested fields, in order.</summary>
    public const string Format = "JobID,State,ExitCode,NodeList,Reason";

    private const int Fields = 5;

    /// <summary>Every start of every task; <see cref="SlurmTask.Restarts"/> counts the starts before it.</summary>
    public static IReadOnlyList<SlurmTask> Parse(string output)
    {
        var starts = new Dictionary<(int, int?), int>();
        var all = new List<SlurmTask>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('|');
            if (fields.Length < Fields)
                continue;
            foreach (var task in Read(fields))
            {
                var before = starts.GetValueOrDefault((task.Job, task.Task));
                starts[(task.Job, task.Task)] = before + 1;
                all.Add(task with { Restarts = before });
            }
        }
        return all;
    }

    private static IEnumerable<SlurmTask> Read(string[] fields)
    {
        var (name, tasks) = Split(fields[0]);
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var job))
            yield break;
        var exit = fields[2].Split(':');
        var one = new SlurmTask(
            job,
            null,
            SlurmJobStates.Parse(fields[1]),
            fields[1],
            fields[4] is "None" ? "" : fields[4],
            Number(exit[0]),
            Number(exit[^1]),
            fields[3] is "None assigned" ? "" : fields[3],
            0
        );
        if (tasks is null)
            yield return one;
        else
            foreach (var task in TaskIds.Parse(tasks))
                yield return one with
                {
                    Task = task,
                };
    }

    private static (string Job, string? Tasks) Split(string id)
    {
        var underscore = id.IndexOf('_', StringComparison.Ordinal);
        return underscore < 0 ? (id, null) : (id[..underscore], id[(underscore + 1)..]);
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
