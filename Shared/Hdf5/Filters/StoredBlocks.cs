using System.Buffers.Binary;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Deflate's blocks without compression, none of them the stream's last (RFC 1951, 3.2.4). They begin and end on byte boundaries.
/// </summary>
internal static class StoredBlocks
{
    /// <summary>The maximum number of bytes in a block.</summary>
    public const int MaxBytes = ushort.MaxValue;

    private const int HeaderBytes = 5;

    /// <summary>The encoded length of <paramref name="values"/> bytes.</summary>
    public static int Length(int values) => values + ((values + MaxBytes - 1) / MaxBytes * HeaderBytes);

    /// <summary>Writes values as <see cref="Length"/> bytes.</summary>
    public static void Write(ReadOnlySpan<byte> values, Span<byte> destination)
    {
        while (!values.IsEmpty)
        {
            var length = (ushort)Math.Min(values.Length, MaxBytes);
            destination[0] = 0; // not the last; type 00; five bits of padding
            BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], length);
            BinaryPrimitives.WriteUInt16LittleEndian(destination[3..], (ushort)~length);
            values[..length].CopyTo(destination[HeaderBytes..]);
            values = values[length..];
            destination = destination[(HeaderBytes + length)..];
        }
    }
}
