using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Shared.Partials;

/// <summary>
/// The layout of one frame: <c>[magic, first element, count, columns, status, first element read, count read, digests, checksum]</c>, an
/// array of nine MessagePack values. Columns are little-endian float64, column-major; digests are those of a <see cref="StripeDigest"/>;
/// the checksum (XxHash3, 64 bits) covers run digest, ranges, shape and content. It detects damage, not tampering.
/// </summary>
internal static class PartialFrame
{
    /// <summary>Values of a frame.</summary>
    public const int Fields = 9;

    /// <summary>Maximum content bytes of a frame: the writer divides larger blocks, the reader treats larger lengths as damage.</summary>
    public const int MaxContentBytes = 16 << 20;

    /// <summary>Maximum bytes from a frame's start to the first byte of its columns.</summary>
    public const int MaxHeadBytes = 64;

    /// <summary>Maximum bytes after the status codes: range, digests, checksum.</summary>
    public const int MaxTailBytes = StripeDigest.MaxBytes + 64;

    /// <summary>Bytes of the checksum.</summary>
    public const int ChecksumBytes = sizeof(ulong);

    /// <summary>The beginning of every frame: array of nine, eight raw bytes, the magic. After damage the reader searches for the next
    /// one.</summary>
    public static ReadOnlySpan<byte> Prefix => [0x99, 0xc4, 8, 0xf1, 0x8e, 0x48, 0x46, 0x70, 0xb3, 0x9d, 0x0a];

    /// <summary>Eight bytes that do not occur in text or in round numbers.</summary>
    public static ReadOnlySpan<byte> Magic => Prefix[3..];

    /// <summary>Starts a frame's checksum: with the digest of its run, its range and shape, and the digests of what was read.</summary>
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
