using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Hdf5;

/// <summary>pread, repeated until the buffer is full or the file ends.</summary>
public static class PositionalRead
{
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
}
