using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HpcFit.Shared.Runs.Partials;

/// <summary>
/// The layout of one frame: <c>[magic, first element, count, columns, status, checksum]</c>, an array of six MessagePack values.
/// Columns are little-endian float64, column-major; the checksum covers run digest, range, shape and content.
/// </summary>
internal static class PartialFrame
{
    /// <summary>Values of a frame.</summary>
    public const int Fields = 6;

    /// <summary>Content bytes of a frame at most: a larger block is cut by the writer, a larger length is damage to the reader.</summary>
    public const int MaxContentBytes = 16 << 20;

    /// <summary>Bytes within which a frame's heads end, up to the columns' first byte.</summary>
    public const int MaxHeadBytes = 64;

    /// <summary>How every frame begins: array of six, eight raw bytes, the magic. After damage the next one is looked for.</summary>
    public static ReadOnlySpan<byte> Prefix => [0x96, 0xc4, 8, 0xf1, 0x8e, 0x48, 0x46, 0x70, 0xb3, 0x9d, 0x0a];

    /// <summary>Eight bytes that no text or round number spells.</summary>
    public static ReadOnlySpan<byte> Magic => Prefix[3..];

    /// <summary>Starts a frame's checksum (<see cref="ShortSha256"/>).</summary>
    public static IncrementalHash StartChecksum(string runDigest, long firstElement, int count, int columns)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> shape = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(shape, firstElement);
        BinaryPrimitives.WriteInt32LittleEndian(shape[8..], count);
        BinaryPrimitives.WriteInt32LittleEndian(shape[12..], columns);
        hash.AppendData(Encoding.UTF8.GetBytes(runDigest));
        hash.AppendData(shape);
        return hash;
    }
}
