using System.Runtime.InteropServices;

namespace HpcFit.Shared.Files;

/// <content>Signals, and the tie between a child process and its parent.</content>
public static unsafe partial class Posix
{
    /// <summary>SIGXFSZ: the process wrote beyond its file-size limit.</summary>
    public const int FileSizeSignal = 25;

    private const int ParentDeathSignal = 1; // PR_SET_PDEATHSIG
    private const int Kill = 9;
    private const int TerminateSignal = 15;

    /// <summary>
    /// Makes the kernel kill this process when its parent ends; false if that has ended already. To the kernel the parent is the thread
    /// that started this process.
    /// </summary>
    public static bool DieWithParent(int parent)
    {
        if (prctl(ParentDeathSignal, Kill, 0, 0, 0) != 0)
            throw new IOException($"prctl failed: {LastError()}.");
        return getppid() == parent;
    }

    /// <summary>Asks a process to stop (SIGTERM). No effect if it has ended.</summary>
    public static void Terminate(int process) => _ = kill(process, TerminateSignal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
