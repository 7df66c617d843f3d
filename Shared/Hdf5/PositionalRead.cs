using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Hdf5;

/// <summary>pread, repeated until the buffer is full or the file ends.</summary>
public static partial class PositionalRead
{
    private const int WillNeed = 3; // POSIX_FADV_WILLNEED on Linux

    /// <summary>
    /// Asks the system to bring bytes into its cache without waiting for them. It may ignore that, and so may we what it answers: the read
    /// itself brings them, or tells what is wrong.
    /// </summary>
    public static void Expect(SafeFileHandle file, long position, long length) => _ = posix_fadvise((int)file.DangerousGetHandle(), position, length, WillNeed);

    /// <summary>Returns how many bytes were read: fewer than asked for only at the end of the file.</summary>
    public static int Fill(SafeFileHandle file, Span<byte> buffer, long position)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = RandomAccess.Read(file, buffer[filled..], position + filled);
            if (read == 0) break;
            filled += read;
        }
        return filled;
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int descriptor, long offset, long length, int advice);
}
