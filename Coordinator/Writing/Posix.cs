using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Runs;
using Microsoft.Win32.SafeHandles;

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
    private const int NoLinks = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int OfDescriptor = 0x1000; // AT_EMPTY_PATH
    private const int ReadWrite = 2, CloseOnExec = 0x80000, NoWait = 0x800; // O_RDWR, O_CLOEXEC, O_NONBLOCK
    private const uint BirthStatus = 0x800, WantedStatus = 0xfff; // STATX_BTIME; with STATX_BASIC_STATS
    private const int KindBits = 0xf000, ModeBits = 0xfff; // S_IFMT and the rest

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

    /// <summary>The user this process acts as.</summary>
    public static uint User => geteuid();

    /// <summary>Gives a file to a user and a group; false when this user may not.</summary>
    public static bool TryChangeOwner(string path, uint user, uint group) => chown(path, user, group) == 0;

    /// <summary>Opens a file for reading and writing: never through a symbolic link, and without waiting for whoever reads a pipe.</summary>
    public static SafeFileHandle OpenItself(string path)
    {
        // The one flag among those used here whose value depends on the architecture.
        var noFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;
        var descriptor = open(path, ReadWrite | CloseOnExec | NoWait | noFollow, 0);
        return descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Failure("open", path);
    }

    /// <summary>What the file system knows about a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="follow">Whether a symbolic link stands for the file it leads to.</param>
    public static FileStatus Status(string path, bool follow = true)
    {
        var status = stackalloc byte[256];
        return statx(CurrentFolder, path, follow ? 0 : NoLinks, WantedStatus, status) == 0 ? Status(status) : throw Failure("look at", path);
    }

    /// <summary>The same of an open file, whatever its name leads to by now.</summary>
    /// <param name="descriptor">The open file.</param>
    /// <param name="path">Its path, for messages.</param>
    public static FileStatus Status(int descriptor, string path)
    {
        var status = stackalloc byte[256];
        return statx(descriptor, "", OfDescriptor, WantedStatus, status) == 0 ? Status(status) : throw Failure("look at", path);
    }

    /// <remarks><c>struct statx</c> is laid out alike on every architecture, unlike <c>struct stat</c>.</remarks>
    private static FileStatus Status(byte* status) => new(
        Device: ((ulong)*(uint*)(status + 136) << 32) | *(uint*)(status + 140),
        Inode: *(ulong*)(status + 32),
        Born: (*(uint*)status & BirthStatus) != 0 ? Time(status + 80) : null,
        Kind: *(ushort*)(status + 28) & KindBits,
        Mode: *(ushort*)(status + 28) & ModeBits,
        Owner: *(uint*)(status + 20),
        Group: *(uint*)(status + 24),
        Links: *(uint*)(status + 16),
        Length: *(long*)(status + 40),
        Modified: Time(status + 112));

    private static DateTime Time(byte* time) => new(DateTime.UnixEpoch.Ticks + (*(long*)time * TimeSpan.TicksPerSecond) + (*(uint*)(time + 8) / 100), DateTimeKind.Utc);

    private static IOException Failure(string doing, string path) => new($"Cannot {doing} '{path}': {LastError()}.", Marshal.GetLastPInvokeError());

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int utimensat(int folder, string path, void* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial void _exit(int code);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);
}
