using System.Globalization;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>The processes that a process started, from /proc.</summary>
internal static class ProcessTree
{
    /// <summary>Pids of the children of <paramref name="parent"/> whose program's name is <paramref name="name"/> (15 characters at most, as the kernel keeps it).</summary>
    public static IReadOnlyList<int> Children(int parent, string name)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid)) continue;
            if (Stat(pid) is var (comm, ppid) && ppid == parent && comm == name) children.Add(pid);
        }
        return children;
    }

    /// <summary>The name and the parent of a process; null when it is gone.</summary>
    private static (string Name, int Parent)? Stat(int pid)
    {
        try
        {
            // pid (name) state ppid …; the name may hold anything, so the last parenthesis counts.
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
