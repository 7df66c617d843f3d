using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>
/// The calls of the C library that .NET does not offer and on which durability rests: exclusive mkdir and link, fsync of files and folders,
/// a close that reports its failure, locks. Constants are those of every Linux architecture.
/// </summary>
public static unsafe partial class Posix
{
    private const int Interrupted = 4; // EINTR
    private const int AlreadyExists = 17;
    private const int CurrentFolder = -100,
        AskServer = 0x2000; // AT_FDCWD, AT_STATX_FORCE_SYNC
    private const int NoLinks = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int InvalidArgument = 22;
    private const int WouldBlock = 11; // EAGAIN, which flock reports
    private const int ReadOnly = 0x80000; // O_RDONLY | O_CLOEXEC; O_DIRECTORY, whose value differs between architectures, is not needed
    private const uint WriteRange = 2; // SYNC_FILE_RANGE_WRITE
    private const uint CloseMemoryOnExec = 1; // MFD_CLOEXEC
    private const int LockShared = 1,
        LockExclusive = 2,
        LockNow = 4,
        LockNone = 8; // LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN

    static Posix() => NativeImports.RegisterFor(typeof(Posix).Assembly);

    /// <summary>The path without symbolic links (realpath); null if it cannot be resolved, with <paramref name="error"/>.</summary>
    public static string? RealPath(string path, out string error)
    {
        var resolved = realpath(path, null);
        error = resolved == null ? LastError() : "";
        if (resolved == null)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8((nint)resolved);
        }
        finally
        {
            NativeMemory.Free(resolved);
        }
    }

    /// <summary>The effective user id of this process.</summary>
    public static uint User => geteuid();

    /// <summary>Creates a folder; false if the name is taken. Atomic on NFS and Lustre.</summary>
    public static bool MakeFolder(string path) => CreatedExclusively(mkdir(path, 0x1FF), "create the folder", path);

    /// <summary>Gives <paramref name="existing"/> a second name; false if that name is taken. Atomic on NFS and Lustre.</summary>
    public static bool Link(string existing, string name) => CreatedExclusively(link(existing, name), "create", name);

    /// <summary>Makes the names in a folder durable. A file system that cannot sync folders (EINVAL) is not an error.</summary>
    public static void SyncFolder(string folder)
    {
        var descriptor = open(folder, ReadOnly, 0);
        if (descriptor < 0)
            throw Failure("open the folder", folder);
        try
        {
            if (!SucceedsOnRetry(&fsync, descriptor) && Marshal.GetLastPInvokeError() != InvalidArgument)
                throw Failure("sync the folder", folder);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>Closes a file and reports failure: NFS and quotas report lost writes here.</summary>
    public static void Close(SafeFileHandle file, string path)
    {
        var descriptor = (int)file.DangerousGetHandle();
        file.SetHandleAsInvalid();
        if (close(descriptor) != 0)
            throw Failure("close", path);
    }

    /// <summary>
    /// Makes a file's content and length durable. .NET's <c>Flush(true)</c> and <c>FlushToDisk</c> do not report failures.
    /// </summary>
    /// <exception cref="IOException">The sync failed: what was written since the last one may be lost.</exception>
    public static void Sync(SafeFileHandle file, string path)
    {
        if (!SucceedsOnRetry(&fsync, (int)file.DangerousGetHandle()))
            throw Failure("sync", path);
    }

    /// <summary>Makes a file's content and length durable, without the times that fsync would also write.</summary>
    /// <exception cref="IOException">The sync failed.</exception>
    public static void SyncData(SafeFileHandle file, string path)
    {
        if (!SucceedsOnRetry(&fdatasync, (int)file.DangerousGetHandle()))
            throw Failure("sync", path);
    }

    /// <summary>
    /// Anonymous memory that other processes of this user can open as <c>/proc/PID/fd/DESCRIPTOR</c>, a link to
    /// <c>/memfd:NAME (deleted)</c>, until this one closes it.
    /// </summary>
    /// <param name="name">Any name, which identifies it and need not be unique.</param>
    public static SafeFileHandle SharedMemory(string name)
    {
        var descriptor = memfd_create(name, CloseMemoryOnExec);
        return descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw new IOException($"Cannot create shared memory: {LastError()}.");
    }

    /// <summary>Ends the process at once, without finalizers or exit handlers.</summary>
    public static void ExitAtOnce(int code) => _exit(code);

    /// <summary>Starts writing a file's dirty pages to disk. Failure is harmless: the final sync writes and reports.</summary>
    public static void BeginWriting(SafeFileHandle file) => _ = sync_file_range(file, 0, 0, WriteRange);

    /// <summary>Takes an exclusive lock; false when another process holds one. True where the file system has no locks.</summary>
    public static bool TryLock(SafeFileHandle file) => TryLock(file, LockExclusive);

    /// <summary>Takes a shared lock; false when another process holds an exclusive one. True where the file system has no locks.</summary>
    public static bool TryShare(SafeFileHandle file) => TryLock(file, LockShared);

    /// <summary>Releases a lock. No effect where the file system has none.</summary>
    public static void Unlock(SafeFileHandle file) => _ = flock((int)file.DangerousGetHandle(), LockNone);

    private static bool TryLock(SafeFileHandle file, int kind) =>
        flock((int)file.DangerousGetHandle(), kind | LockNow) == 0 || Marshal.GetLastPInvokeError() != WouldBlock;

    /// <summary>Whether a sync succeeds; one that a signal interrupts (possible on NFS and FUSE) is repeated.</summary>
    private static bool SucceedsOnRetry(delegate* <int, int> sync, int descriptor)
    {
        while (sync(descriptor) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                return false;
        }
        return true;
    }

    private static bool CreatedExclusively(int result, string action, string path)
    {
        if (result == 0)
            return true;
        return Marshal.GetLastPInvokeError() == AlreadyExists ? false : throw Failure(action, path);
    }

    private static IOException Failure(string action, string path) =>
        new($"Cannot {action} '{path}': {LastError()}.", Marshal.GetLastPInvokeError());

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* realpath(string path, byte* resolved);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int descriptor, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(int descriptor);

    [LibraryImport("libc")]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long bytes, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial void _exit(int code);
}
