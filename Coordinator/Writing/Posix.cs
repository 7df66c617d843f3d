using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing;

/// <summary>The few calls of the C library that the write needs and .NET does not offer. Constants are those of every Linux architecture.</summary>
internal static unsafe partial class Posix
{
    /// <summary>SIGXFSZ: the process wrote beyond its file-size limit.</summary>
    public const int FileSizeSignal = 25;

    private const int InvalidArgument = 22; // EINVAL
    private const int WouldBlock = 11; // EAGAIN, EWOULDBLOCK
    private const int ReadOnly = 0x80000; // O_RDONLY | O_CLOEXEC; O_DIRECTORY, whose value differs between architectures, is not needed
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int LockShared = 1, LockExclusive = 2, LockNow = 4; // LOCK_SH, LOCK_EX, LOCK_NB
    private const int ParentDeathSignal = 1; // PR_SET_PDEATHSIG
    private const int Kill = 9;
    private const uint BasicStatus = 0x7ff; // STATX_BASIC_STATS

    /// <summary>Makes the names in a folder durable; EINVAL means a file system that cannot.</summary>
    public static void SyncFolder(string folder)
    {
        var descriptor = open(folder, ReadOnly, 0);
        if (descriptor < 0) throw Failure("open the folder", folder);
        try
        {
            if (fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw Failure("sync the folder", folder);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>Takes an exclusive lock; false when somebody else holds one. True where the file system has no locks.</summary>
    public static bool TryLock(SafeFileHandle file) => TryLock(file, LockExclusive);

    /// <summary>Takes a shared lock; false when somebody else holds an exclusive one. True where the file system has no locks.</summary>
    public static bool TryShare(SafeFileHandle file) => TryLock(file, LockShared);

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

    private static bool TryLock(SafeFileHandle file, int kind) => flock((int)file.DangerousGetHandle(), kind | LockNow) == 0 || Marshal.GetLastPInvokeError() != WouldBlock;

    private static IOException Failure(string doing, string path) => new($"Cannot {doing} '{path}': {LastError()}.");

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int descriptor, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int utimensat(int folder, string path, void* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial void _exit(int code);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);
}
