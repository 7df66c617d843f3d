using System.Runtime.InteropServices;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Writing;

/// <summary>The few calls of the C library that the write needs and .NET does not offer. Constants are those of every Linux architecture.</summary>
internal static unsafe partial class Posix
{
    /// <summary>SIGXFSZ: the process wrote beyond its file-size limit.</summary>
    public const int FileSizeSignal = 25;

    private const int CurrentFolder = -100; // AT_FDCWD
    private const int ParentDeathSignal = 1; // PR_SET_PDEATHSIG
    private const int Kill = 9;
    private const int TerminateSignal = 15;
    private const uint BasicStatus = 0x7ff; // STATX_BASIC_STATS

    static Posix() => NativeImports.RegisterFor(typeof(Posix).Assembly);

    /// <summary>Sets a file's times to the file server's present.</summary>
    public static void Touch(string path)
    {
        if (utimensat(CurrentFolder, path, null, 0) != 0) throw Failure("set the time of", path);
    }

    /// <summary>
    /// Lets this process die with its parent; false when that is dead already. The kernel means the thread that started this process.
    /// </summary>
    public static bool DieWithParent(int parent)
    {
        if (prctl(ParentDeathSignal, Kill, 0, 0, 0) != 0) throw new IOException($"prctl failed: {LastError()}.");
        return getppid() == parent;
    }

    /// <summary>Asks a process to stop (SIGTERM). One that is gone already stays gone.</summary>
    public static void Terminate(int process) => _ = kill(process, TerminateSignal);

    /// <summary>Ends the process at once, without exit handlers.</summary>
    public static void Exit(int code) => _exit(code);

    /// <summary>What the file system knows about a file, links followed.</summary>
    /// <remarks><c>struct statx</c> is laid out alike on every architecture, unlike <c>struct stat</c>.</remarks>
    public static (ulong Inode, uint Links, long Length, long ModifiedTicks) Status(string path)
    {
        var status = stackalloc byte[256];
        if (statx(CurrentFolder, path, 0, BasicStatus, status) != 0) throw Failure("look at", path);
        var seconds = *(long*)(status + 112);
        var nanoseconds = *(uint*)(status + 120);
        return (*(ulong*)(status + 32), *(uint*)(status + 16), *(long*)(status + 40), DateTime.UnixEpoch.Ticks + (seconds * TimeSpan.TicksPerSecond) + (nanoseconds / 100));
    }

    private static IOException Failure(string doing, string path) => new($"Cannot {doing} '{path}': {LastError()}.", Marshal.GetLastPInvokeError());

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int utimensat(int folder, string path, void* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial void _exit(int code);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);
}
