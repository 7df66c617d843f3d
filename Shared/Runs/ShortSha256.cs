using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HpcFit.Shared.Runs;

/// <summary>The first 16 bytes of a SHA-256: enough where damage has to be found, and nobody means harm.</summary>
/// <param name="First">Bytes 0 to 7, the first one highest.</param>
/// <param name="Second">Bytes 8 to 15.</param>
/// <remarks>Not a <see cref="UInt128"/>: no method that touches one is compiled ahead of time, and everything that holds blocks would be compiled at every start.</remarks>
public readonly record struct ShortSha256(ulong First, ulong Second)
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 16;

    /// <summary>That of some bytes.</summary>
    public static ShortSha256 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, whole);
        return Read(whole);
    }

    /// <summary>Ends a SHA-256 that was taken piece by piece.</summary>
    public static ShortSha256 Finish(IncrementalHash hash)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        return Read(whole);
    }

    /// <summary>Reads its bytes.</summary>
    public static ShortSha256 Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Writes its bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, First);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Second);
    }
}
