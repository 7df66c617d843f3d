using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <content>A file's status, and the attributes that only its owner may change.</content>
public static unsafe partial class Posix
{
    private const int OfDescriptor = 0x1000; // AT_EMPTY_PATH
    private const int ReadWrite = 2,
        CloseOnExec = 0x80000,
        NoWait = 0x800; // O_RDWR, O_CLOEXEC, O_NONBLOCK
    private const uint BirthStatus = 0x800,
        WantedStatus = 0xfff; // STATX_BTIME; with STATX_BASIC_STATS
    private const int KindBits = 0xf000,
        ModeBits = 0xfff; // S_IFMT and the rest

    /// <summary>Sets a file's times to the file server's current time.</summary>
    public static void Touch(string path)
    {
        if (utimensat(CurrentFolder, path, null, 0) != 0)
            throw Failure("set the time of", path);
    }

    /// <summary>Changes a file's owner and group; false if this user may not.</summary>
    public static bool TryChangeOwner(string path, uint user, uint group) => chown(path, user, group) == 0;

    /// <summary>
    /// Opens a file for reading and writing: never through a symbolic link, and without waiting for the reader of a pipe.
    /// </summary>
    public static SafeFileHandle OpenItself(string path)
    {
        // The only flag used here whose value depends on the architecture.
        var noFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;
        var descriptor = open(path, ReadWrite | CloseOnExec | NoWait | noFollow, 0);
        return descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Failure("open", path);
    }

    /// <summary>The status of a file; symbolic links are followed.</summary>
    public static FileStatus Status(string path) => TryStatus(path, 0) ?? throw Failure("get the status of", path);

    /// <summary>The status of a file from its file server, not from a cache; symbolic links are followed.</summary>
    public static FileStatus CurrentStatus(string path) => TryStatus(path, AskServer) ?? throw Failure("get the status of", path);

    /// <summary>The status of a file, or of a symbolic link itself.</summary>
    public static FileStatus StatusOfItself(string path) => FindItself(path) ?? throw Failure("get the status of", path);

    /// <summary>The status of a file, or of a symbolic link itself; null if it does not exist or is inaccessible.</summary>
    public static FileStatus? FindItself(string path) => TryStatus(path, NoLinks);

    private static FileStatus? TryStatus(string path, int flags)
    {
        var status = stackalloc byte[256];
        return statx(CurrentFolder, path, flags, WantedStatus, status) == 0 ? Status(status) : null;
    }

    /// <summary>The status of an open file, regardless of what its path refers to now.</summary>
    /// <param name="descriptor">The open file.</param>
    /// <param name="path">Its path, for messages.</param>
    public static FileStatus Status(int descriptor, string path)
    {
        var status = stackalloc byte[256];
        return statx(descriptor, "", OfDescriptor, WantedStatus, status) == 0 ? Status(status) : throw Failure("get the status of", path);
    }

    /// <summary>
    /// The type of the file system that contains a file or folder, as the magic number in <c>statfs</c>; null if it does not exist or is
    /// inaccessible.
    /// </summary>
    /// <remarks>
    /// The first field of <c>struct statfs</c> has 4 or 8 bytes; where it has 8, the low ones, which hold the number, come first.
    /// </remarks>
    public static uint? FileSystemType(string path)
    {
        var status = stackalloc byte[256];
        return statfs(path, status) == 0 ? *(uint*)status : null;
    }

    /// <remarks><c>struct statx</c> is laid out alike on every architecture, unlike <c>struct stat</c>.</remarks>
    private static FileStatus Status(byte* status) =>
        new(
            Device: ((ulong)*(uint*)(status + 136) << 32) | *(uint*)(status + 140),
            Inode: *(ulong*)(status + 32),
            Born: (*(uint*)status & BirthStatus) != 0 ? Time(status + 80) : null,
            Kind: *(ushort*)(status + 28) & KindBits,
            Mode: *(ushort*)(status + 28) & ModeBits,
            Owner: *(uint*)(status + 20),
            Group: *(uint*)(status + 24),
            Links: *(uint*)(status + 16),
            Length: *(long*)(status + 40),
            Modified: Time(status + 112),
            Changed: Time(status + 96)
        );

    private static DateTime Time(byte* time) =>
        new(DateTime.UnixEpoch.Ticks + (*(long*)time * TimeSpan.TicksPerSecond) + (*(uint*)(time + 8) / 100), DateTimeKind.Utc);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int utimensat(int folder, string path, void* times, int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statfs(string path, byte* status);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);
}
