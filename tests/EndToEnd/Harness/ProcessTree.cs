using System.Globalization;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>The processes that a process started, from /proc.</summary>
internal static class ProcessTree
{
    /// <summary>
    /// Pids of the children of <paramref name="parent"/> whose program's name is <paramref name="name"/> (15 characters at most, as the
    /// kernel keeps it).
    /// </summary>
    public static IReadOnlyList<int> Children(int parent, string name) =>
        [.. All().Where(one => one.Parent == parent && one.Name == name).Select(one => one.Pid)];

    /// <summary>Pids of a process and of all that it and its children started.</summary>
    public static IReadOnlyList<int> Descendants(int root)
    {
        var children = All().ToLookup(one => one.Parent, one => one.Pid);
        var found = new List<int> { root };
        for (var next = 0; next < found.Count; next++)
            found.AddRange(children[found[next]]);
        return found;
    }

    /// <summary>Every process of this machine: pid, name, parent.</summary>
    public static IEnumerable<(int Pid, string Name, int Parent)> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && Stat(pid) is var (name, parent))
                yield return (pid, name, parent);
        }
    }

    /// <summary>The environment variables with which a process was started; none if it has ended.</summary>
    public static IReadOnlyDictionary<string, string> Environment(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ")
                .Split('\0')
                .Select(entry => entry.Split('=', 2))
                .Where(pair => pair.Length == 2)
                .DistinctBy(pair => pair[0])
                .ToDictionary(pair => pair[0], pair => pair[1]);
        }
        catch (IOException)
        {
            return new Dictionary<string, string>();
        }
    }

    /// <summary>The name and the parent of a process; null if it has ended.</summary>
    private static (string Name, int Parent)? Stat(int pid)
    {
        try
        {
            // pid (name) state ppid …; the name may contain any character, so the last parenthesis counts.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var (open, close) = (stat.IndexOf('(', StringComparison.Ordinal), stat.LastIndexOf(')'));
            return (stat[(open + 1)..close], int.Parse(stat[(close + 2)..].Split(' ')[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
