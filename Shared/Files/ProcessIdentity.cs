using System.Globalization;

namespace HpcFit.Shared.Files;

/// <summary>
/// What tells a process from every other: pids are given away again, and those of another machine or container mean nothing here.
/// </summary>
/// <param name="Host">The machine's name.</param>
/// <param name="BootId">The machine's boot: a process of an earlier boot is gone.</param>
/// <param name="PidNamespace">The process namespace; pids of another one (a container) cannot be looked up here.</param>
/// <param name="Pid">The process.</param>
/// <param name="Start">Its start, in clock ticks since boot (field 22 of <c>/proc/pid/stat</c>): a pid that was given away again has
/// another.</param>
public sealed record ProcessIdentity(string Host, string BootId, string PidNamespace, int Pid, long Start)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Self { get; } =
        new(Environment.MachineName, CurrentBoot(), CurrentNamespace(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether it was a process of this machine since that was started.</summary>
    public bool IsOfThisBoot() => Host == Self.Host && BootId == Self.BootId;

    /// <summary>Whether the process is there: null where this machine and process namespace cannot know.</summary>
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
    /// A process's start, or null when it is gone. Field 22, counted after the name, which may hold blanks and parentheses.
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
