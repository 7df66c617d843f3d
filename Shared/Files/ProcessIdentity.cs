using System.Globalization;

namespace HpcFit.Shared.Files;

/// <summary>
/// Identifies a process uniquely: pids are reused, and those of another machine or container mean nothing here.
/// </summary>
/// <param name="Host">The machine's name.</param>
/// <param name="BootId">The machine's boot: a process of an earlier boot is gone.</param>
/// <param name="PidNamespace">The process namespace; pids of another namespace (a container) cannot be looked up here.</param>
/// <param name="Pid">The process.</param>
/// <param name="Start">Its start, in clock ticks since boot (field 22 of <c>/proc/pid/stat</c>): it differs for a reused pid.</param>
public sealed record ProcessIdentity(string Host, string BootId, string PidNamespace, int Pid, long Start)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Self { get; } =
        new(Environment.MachineName, CurrentBoot(), CurrentNamespace(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether it was started on this machine since its last boot.</summary>
    public bool IsOfThisBoot() => Host == Self.Host && BootId == Self.BootId;

    /// <summary>Whether the process is alive; null if this cannot be known on this machine and in this process namespace.</summary>
    public bool? IsAlive()
    {
        if (Host != Self.Host)
            return null;
        if (BootId != Self.BootId)
            return false;
        return PidNamespace == Self.PidNamespace ? StartOf(Pid) == Start : null;
    }

    private static string CurrentBoot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private static string CurrentNamespace() => new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";

    /// <summary>
    /// A process's start, or null if it has ended. Field 22, counted after the name, which may contain blanks and parentheses.
    /// </summary>
    private static long? StartOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or IOException { HResult: 3 })
        {
            return null;
        }
    }
}
