using System.Runtime.InteropServices;

namespace HpcFit.Worker.Custom;

/// <summary>What .NET does not offer for ending a process with all it started, and for bounding its memory.</summary>
internal static unsafe partial class ProcessControl
{
    private const int Sigkill = 9;
    private const int DataLimit = 2; // RLIMIT_DATA: private writable memory, which reserved but untouched address space is no part of

    /// <summary>Ends a process and its group at once.</summary>
    public static void Kill(int pid)
    {
        // Before it has become the leader of a group of its own, only the process itself is there.
        _ = kill(-pid, Sigkill);
        _ = kill(pid, Sigkill);
    }

    /// <summary>
    /// Lets allocations of a process fail beyond so many bytes. What the kernel refuses is left: the machine's memory is the limit then.
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
