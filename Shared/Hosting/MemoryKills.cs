using System.Globalization;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// The number of processes that the kernel has killed for memory: if it grew while a process died of SIGKILL, that is the cause.
/// </summary>
public static class MemoryKills
{
    private const string Version2 = "0::";
    private const string Key = "oom_kill ";

    /// <summary>Kills in this process's control group (version 2); null if the kernel does not report them.</summary>
    public static long? InControlGroup()
    {
        try
        {
            var group = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith(Version2, StringComparison.Ordinal));
            return group is null ? null : Count($"/sys/fs/cgroup{group[Version2.Length..]}/memory.events");
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Kills on the whole machine since it booted; null if the kernel does not report them.</summary>
    public static long? OnMachine()
    {
        try
        {
            return Count("/proc/vmstat");
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Count(string file)
    {
        var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return long.TryParse(line?[Key.Length..], CultureInfo.InvariantCulture, out var kills) ? kills : null;
    }
}
