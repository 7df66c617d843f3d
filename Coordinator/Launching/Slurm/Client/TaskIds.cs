using System.Globalization;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// Array task numbers as Slurm writes them: <c>7</c>, <c>0-3,9</c>, <c>0-300:3</c>, with the throttle <c>%4</c> at the end.
/// </summary>
internal static class TaskIds
{
    /// <summary>Parses task numbers; empty for other text (<c>N/A</c>, <c>(null)</c>, a truncated list).</summary>
    public static IReadOnlyList<int> Parse(string text)
    {
        var throttle = text.IndexOf('%', StringComparison.Ordinal);
        var list = (throttle < 0 ? text : text[..throttle]).Trim('[', ']');
        var tasks = new List<int>();
        foreach (var part in list.Split(','))
        {
            if (!AddRange(part, tasks))
                return [];
        }
        return tasks;
    }

    /// <summary>Writes ascending numbers: <c>0-3,9</c>.</summary>
    public static string Format(IEnumerable<int> tasks)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var task in tasks)
        {
            if (ranges is [.., var (first, last)] && task == last + 1)
                ranges[^1] = (first, task);
            else
                ranges.Add((task, task));
        }
        return string.Join(',', ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));
    }

    private static bool AddRange(string part, List<int> tasks)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        var ends = (colon < 0 ? part : part[..colon]).Split('-');
        if (ends.Length > 2 || !Number(ends[0], out var first) || !Number(ends[^1], out var last))
            return false;
        var step = 1;
        if (colon >= 0 && (!Number(part[(colon + 1)..], out step) || step < 1))
            return false;
        for (var task = first; task <= last; task += step)
            tasks.Add(task);
        return true;
    }

    private static bool Number(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
