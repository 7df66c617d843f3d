using System.Globalization;

namespace HpcFit.Worker.Pipeline;

/// <summary>What the kernel tells about memory in this process's control group (version 2).</summary>
internal static class ControlGroup
{
    private const string Version2 = "0::";
    private const string Key = "oom_kill ";

    /// <summary>Processes that were killed for memory; null where the kernel does not say.</summary>
    public static long? OomKills()
    {
        try
        {
            var group = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith(Version2, StringComparison.Ordinal));
            if (group is null) return null;
            var count = File.ReadLines($"/sys/fs/cgroup{group[Version2.Length..]}/memory.events").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
            return long.TryParse(count?[Key.Length..], CultureInfo.InvariantCulture, out var kills) ? kills : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
