using System.Buffers.Binary;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Deflate's blocks without compression, none of them the stream's last (RFC 1951, 3.2.4). They begin and end at whole bytes.
/// </summary>
internal static class StoredBlocks
{
    /// <summary>The most bytes of a block.</summary>
    public const int MaxBytes = ushort.MaxValue;

    private const int HeaderBytes = 5;

    /// <summary>Bytes that some values take.</summary>
    public static int Length(int values) => values + ((values + MaxBytes - 1) / MaxBytes * HeaderBytes);

    /// <summary>Writes values; <see cref="Length"/> says how much room that takes.</summary>
    public static void Write(ReadOnlySpan<byte> values, Span<byte> destination)
    {
        while (!values.IsEmpty)
        {
            var length = (ushort)Math.Min(values.Length, MaxBytes);
            destination[0] = 0; // not the last; type 00; five bits up to the next whole byte
            BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], length);
            BinaryPrimitives.WriteUInt16LittleEndian(destination[3..], (ushort)~length);
            values[..length].CopyTo(destination[HeaderBytes..]);
            values = values[length..];
            destination = destination[(HeaderBytes + length)..];
        }
    }
}
