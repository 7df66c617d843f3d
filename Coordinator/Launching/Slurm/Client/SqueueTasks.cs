using System.Globalization;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// Reads <c>squeue -h -a -r -t all -O</c>: one line per task, in columns of fixed width, for tasks that wait, run, or ended minutes ago.
/// </summary>
internal static class SqueueTasks
{
    private static readonly (string Field, int Width)[] Columns =
    [
        ("ArrayJobID", 12),
        ("ArrayTaskID", 12),
        ("State", 24),
        ("Reason", 48),
        ("NodeList", 64),
        ("RestartCnt", 8),
        ("exit_code", 12),
    ];

    /// <summary>The value of <c>-O</c>.</summary>
    public static string Format { get; } = string.Join(',', Columns.Select(column => $"{column.Field}:{column.Width}"));

    /// <summary>The tasks in squeue's output.</summary>
    public static IReadOnlyList<SlurmTask> Parse(string output)
    {
        var tasks = new List<SlurmTask>();
        foreach (var line in output.AsSpan().EnumerateLines())
        {
            if (Read(line) is { } task)
                tasks.Add(task);
        }
        return tasks;
    }

    private static SlurmTask? Read(ReadOnlySpan<char> line)
    {
        if (!int.TryParse(Column(line, 0), NumberStyles.None, CultureInfo.InvariantCulture, out var job))
            return null;
        var array = int.TryParse(Column(line, 1), NumberStyles.None, CultureInfo.InvariantCulture, out var task);
        var state = Column(line, 2).ToString();
        var reason = Column(line, 3);
        // The status as wait(2) returns it: the signal in the low byte, the exit code above.
        _ = int.TryParse(Column(line, 6), NumberStyles.None, CultureInfo.InvariantCulture, out var status);
        _ = int.TryParse(Column(line, 5), NumberStyles.None, CultureInfo.InvariantCulture, out var restarts);
        return new(
            job,
            array ? task : null,
            SlurmJobStates.Parse(state),
            state,
            reason is "None" ? "" : reason.ToString(),
            (status >> 8) & 0xff,
            status & 0x7f,
            Column(line, 4).ToString(),
            restarts
        );
    }

    private static ReadOnlySpan<char> Column(ReadOnlySpan<char> line, int column)
    {
        var start = 0;
        for (var before = 0; before < column; before++)
            start += Columns[before].Width;
        if (start >= line.Length)
            return [];
        return line.Slice(start, Math.Min(Columns[column].Width, line.Length - start)).Trim();
    }
}
