using System.Globalization;

namespace HpcFit.Shared.Files;

/// <summary>The processes that hold an flock on a file, as far as this machine knows (<c>/proc/locks</c>).</summary>
public static class LockHolders
{
    /// <summary>The holders, for a message.</summary>
    public static string Describe(string path)
    {
        var holders = Processes(FileFacts.Read(path).Inode).Where(pid => pid != Environment.ProcessId).Distinct().Select(Name).ToList();
        return holders.Count == 0
            ? "a program that this machine does not see (on another node, or in another container)"
            : string.Join(", ", holders);
    }

    /// <summary>
    /// Fields of a line: number, <c>FLOCK</c>, ADVISORY, READ or WRITE, process, device:inode, …; the line of a waiting process has
    /// <c>-&gt;</c> as its second field.
    /// </summary>
    private static List<int> Processes(ulong inode)
    {
        var holders = new List<int>();
        foreach (var line in File.ReadLines("/proc/locks"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (
                fields is [_, "FLOCK", _, _, var process, var file, ..]
                && file.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{inode}"), StringComparison.Ordinal)
                && int.TryParse(process, CultureInfo.InvariantCulture, out var pid)
                && pid > 0
            )
                holders.Add(pid);
        }
        return holders;
    }

    private static string Name(int pid)
    {
        try
        {
            return $"process {pid} ({File.ReadAllText($"/proc/{pid}/comm").Trim()})";
        }
        catch (IOException)
        {
            return $"process {pid}"; // it has just ended
        }
    }
}
