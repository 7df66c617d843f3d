using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// HDF5's shuffle: byte b of value i goes to <c>plane b, position i</c>, so that bytes of equal significance are contiguous.
/// </summary>
public static class Shuffle
{
    /// <summary>Shuffles whole values of <paramref name="size"/> bytes.</summary>
    public static void Run(ReadOnlySpan<byte> values, int size, Span<byte> planes)
    {
        var count = values.Length / size;
        switch (size)
        {
            case 8:
                Eight(MemoryMarshal.Cast<byte, ulong>(values), planes, count);
                break;
            case 4:
                Four(MemoryMarshal.Cast<byte, uint>(values), planes, count);
                break;
            default:
                for (var b = 0; b < size; b++)
                {
                    var plane = planes.Slice(b * count, count);
                    for (var i = 0; i < count; i++)
                        plane[i] = values[(i * size) + b];
                }
                break;
        }
    }

    /// <summary>
    /// Transposes eight values at a time as an 8 × 8 matrix of bytes, in three exchanges (Warren, Hacker's Delight, 2nd ed., 7-3).
    /// </summary>
    private static void Eight(ReadOnlySpan<ulong> values, Span<byte> planes, int count)
    {
        Span<ulong> row = stackalloc ulong[8];
        var whole = count & ~7;
        for (var i = 0; i < whole; i += 8)
        {
            values.Slice(i, 8).CopyTo(row);
            Exchange(row, 4, 32, 0x00000000FFFFFFFF);
            Exchange(row, 2, 16, 0x0000FFFF0000FFFF);
            Exchange(row, 1, 8, 0x00FF00FF00FF00FF);
            for (var b = 0; b < 8; b++)
                MemoryMarshal.Write(planes[((b * count) + i)..], row[b]);
        }
        for (var i = whole; i < count; i++)
        {
            for (var b = 0; b < 8; b++)
                planes[(b * count) + i] = (byte)(values[i] >> (8 * b));
        }
    }

    private static void Exchange(Span<ulong> row, int distance, int shift, ulong low)
    {
        for (var i = 0; i < 8; i++)
        {
            if ((i & distance) != 0)
                continue;
            var (upper, lower) = (row[i], row[i + distance]);
            row[i] = (upper & low) | ((lower & low) << shift);
            row[i + distance] = ((upper >> shift) & low) | (lower & ~low);
        }
    }

    private static void Four(ReadOnlySpan<uint> values, Span<byte> planes, int count)
    {
        var first = planes[..count];
        var second = planes.Slice(count, count);
        var third = planes.Slice(2 * count, count);
        var fourth = planes.Slice(3 * count, count);
        for (var i = 0; i < count; i++)
        {
            var value = values[i];
            first[i] = (byte)value;
            second[i] = (byte)(value >> 8);
            third[i] = (byte)(value >> 16);
            fourth[i] = (byte)(value >> 24);
        }
    }
}
