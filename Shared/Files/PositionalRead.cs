using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>pread, repeated until the buffer is full or the file ends.</summary>
public static partial class PositionalRead
{
    private const int WillNeed = 3; // POSIX_FADV_WILLNEED on Linux
    private const int NoWait = 8; // RWF_NOWAIT of Linux: an error instead of waiting for a disk

    /// <summary>Bytes requested at once: the default read-ahead of Linux, which may read only the beginning of a longer range.</summary>
    private const long Window = 1 << 17;

    /// <summary>
    /// Requests, without waiting, that the system read into its page cache those bytes that are not there yet (a request for cached bytes
    /// would check every page). It is only a hint, whose errors are ignored: the read itself reports them.
    /// </summary>
    public static void Prefetch(SafeFileHandle file, long position, long length)
    {
        for (var at = position; at < position + length; at += Window)
        {
            if (!IsCached(file, at))
                _ = posix_fadvise((int)file.DangerousGetHandle(), at, Math.Min(Window, position + length - at), WillNeed);
        }
    }

    /// <summary>Returns the number of bytes read: fewer than requested only at the end of the file.</summary>
    public static int Fill(SafeFileHandle file, Span<byte> buffer, long position)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = RandomAccess.Read(file, buffer[filled..], position + filled);
            if (read == 0)
                break;
            filled += read;
        }
        return filled;
    }

    /// <summary>Whether the page cache holds a byte of a file; false where the file system cannot report it.</summary>
    private static unsafe bool IsCached(SafeFileHandle file, long position)
    {
        byte found;
        var room = new Room { Start = &found, Length = 1 };
        return preadv2((int)file.DangerousGetHandle(), &room, 1, position, NoWait) == 1;
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int descriptor, long offset, long length, int advice);

    [LibraryImport("libc")]
    private static unsafe partial nint preadv2(int descriptor, Room* rooms, int count, long offset, int flags);

    /// <summary>struct iovec.</summary>
    private unsafe struct Room
    {
        public byte* Start;
        public nuint Length;
    }
}
