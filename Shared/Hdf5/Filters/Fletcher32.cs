using System.Buffers.Binary;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>HDF5's checksum filter: Fletcher's sum over big-endian 16-bit words, four bytes after the data (Fletcher 1982).</summary>
public static class Fletcher32
{
    /// <summary>Bytes of the checksum.</summary>
    public const int Length = 4;

    /// <summary>
    /// Whether the last four bytes are the checksum of those before; the byte-swapped sum of HDF5 before 1.6.3 counts as well.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> checkedData)
    {
        if (checkedData.Length < Length)
            return false;
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(checkedData[^Length..]);
        var sum = Compute(checkedData[..^Length]);
        var swapped = ((sum & 0x00FF00FF) << 8) | ((sum >> 8) & 0x00FF00FF);
        return stored == sum || stored == swapped;
    }

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint sum1 = 0,
            sum2 = 0;
        var at = 0;
        while (data.Length - at >= 2)
        {
            // 360 words keep both sums within 32 bits.
            for (var words = Math.Min(360, (data.Length - at) / 2); words > 0; words--, at += 2)
            {
                sum1 += BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
                sum2 += sum1;
            }
            (sum1, sum2) = (Fold(sum1), Fold(sum2));
        }
        if (at < data.Length)
        {
            sum1 += (uint)data[at] << 8;
            sum2 += sum1;
            (sum1, sum2) = (Fold(sum1), Fold(sum2));
        }
        (sum1, sum2) = (Fold(sum1), Fold(sum2));
        return (sum2 << 16) | sum1;
    }

    private static uint Fold(uint sum) => (sum & 0xFFFF) + (sum >> 16);
}
