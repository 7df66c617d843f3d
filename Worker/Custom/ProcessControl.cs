using System.Runtime.InteropServices;

namespace HpcFit.Worker.Custom;

/// <summary>System calls that .NET does not offer: ending a process group, and limiting the memory of another process.</summary>
internal static unsafe partial class ProcessControl
{
    private const int Sigkill = 9;
    private const int DataLimit = 2; // RLIMIT_DATA: private writable memory; reserved but untouched address space does not count

    /// <summary>Ends a process and its group at once.</summary>
    public static void Kill(int pid)
    {
        // Until it has become the leader of its own group, only the process itself exists.
        _ = kill(-pid, Sigkill);
        _ = kill(pid, Sigkill);
    }

    /// <summary>
    /// Makes allocations of a process fail beyond a number of bytes. If the kernel refuses the limit, the machine's memory is the limit.
    /// </summary>
    public static void LimitMemory(int pid, long bytes)
    {
        var limit = stackalloc ulong[2];
        limit[0] = limit[1] = (ulong)bytes;
        _ = prlimit(pid, DataLimit, limit, null);
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int prlimit(int pid, int resource, ulong* newLimit, ulong* oldLimit);
}
