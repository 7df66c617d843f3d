using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Shared.Partials;

/// <summary>
/// The layout of one frame: <c>[magic, first element, count, columns, status, first element read, count read, digests, checksum]</c>, an
/// array of nine MessagePack values. Columns are little-endian float64, column-major; digests are those of a <see cref="StripeDigest"/>;
/// the checksum (XxHash3, 64 bits) covers run digest, ranges, shape and content. It finds damage, not malice.
/// </summary>
internal static class PartialFrame
{
    /// <summary>Values of a frame.</summary>
    public const int Fields = 9;

    /// <summary>Content bytes of a frame at most: a larger block is cut by the writer, a larger length is damage to the reader.</summary>
    public const int MaxContentBytes = 16 << 20;

    /// <summary>Bytes within which a frame's heads end, up to the columns' first byte.</summary>
    public const int MaxHeadBytes = 64;

    /// <summary>Bytes behind the status codes at most: range, digests, checksum.</summary>
    public const int MaxTailBytes = StripeDigest.MaxBytes + 64;

    /// <summary>Bytes of the checksum.</summary>
    public const int ChecksumBytes = sizeof(ulong);

    /// <summary>How every frame begins: array of nine, eight raw bytes, the magic. After damage the next one is looked for.</summary>
    public static ReadOnlySpan<byte> Prefix => [0x99, 0xc4, 8, 0xf1, 0x8e, 0x48, 0x46, 0x70, 0xb3, 0x9d, 0x0a];

    /// <summary>Eight bytes that no text or round number spells.</summary>
    public static ReadOnlySpan<byte> Magic => Prefix[3..];

    /// <summary>Starts a frame's checksum: with the run it is of, its range and shape, and what it was read from.</summary>
    public static XxHash3 StartChecksum(string runDigest, long firstElement, int count, int columns, StripeDigest read)
    {
        var checksum = new XxHash3();
        checksum.Append(Encoding.UTF8.GetBytes(runDigest));
        checksum.Append(
            MemoryMarshal.AsBytes<long>([firstElement, count, columns, read.Elements.First, read.Elements.Count, read.Scalars.Length])
        );
        checksum.Append(read.Scalars.Span);
        return checksum;
    }
}
