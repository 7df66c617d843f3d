using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>pread, repeated until the buffer is full or the file ends.</summary>
public static partial class PositionalRead
{
    private const int WillNeed = 3; // POSIX_FADV_WILLNEED on Linux
    private const int NoWait = 8; // RWF_NOWAIT of Linux: an error instead of waiting for a disk

    /// <summary>Bytes asked for at once: what Linux reads ahead by default. Of a longer range it may bring the beginning only.</summary>
    private const long Window = 1 << 17;

    /// <summary>
    /// Asks the system to bring into its cache, without waiting for them, the bytes that seem not to be there: asking for those that are
    /// costs a look at every page. It may ignore that, and so may we what it answers: the read itself brings them, or tells what is wrong.
    /// </summary>
    public static void Prefetch(SafeFileHandle file, long position, long length)
    {
        for (var at = position; at < position + length; at += Window)
        {
            if (!IsCached(file, at))
                _ = posix_fadvise((int)file.DangerousGetHandle(), at, Math.Min(Window, position + length - at), WillNeed);
        }
    }

    /// <summary>Returns how many bytes were read: fewer than asked for only at the end of the file.</summary>
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

    /// <summary>Whether the system's cache holds a byte of a file; where its file system cannot tell, no.</summary>
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
