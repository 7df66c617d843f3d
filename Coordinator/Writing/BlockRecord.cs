using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HpcFit.Coordinator.Writing;

/// <summary>What is remembered of a block that was handed to the library, for the verification.</summary>
/// <param name="Length">Bytes: stored ones of a chunk, values of a region.</param>
/// <param name="FilterMask">Filters that were left out.</param>
/// <param name="Checksum">The first half of their SHA-256.</param>
internal readonly record struct BlockRecord(int Length, uint FilterMask, UInt128 Checksum)
{
    /// <summary>The checksum of some bytes.</summary>
    public static UInt128 ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
