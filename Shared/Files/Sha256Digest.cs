using System.Buffers.Binary;
using System.Numerics;

namespace HpcFit.Shared.Files;

/// <summary>
/// SHA-256 (FIPS 180-4, section 6.2), for digests that other programs check: <c>sha256sum</c>, browsers. .NET's own needs OpenSSL, which
/// nodes of a cluster may lack or have in a version that it does not find. Not for secrets.
/// </summary>
public sealed class Sha256Digest
{
    /// <summary>Bytes of a digest.</summary>
    public const int Length = 32;

    private const int BlockBytes = 64;
    private const int LengthBytes = 8;

    /// <summary>The first 32 bits of the fractional parts of the cube roots of the first 64 primes (section 4.2.2).</summary>
    private static readonly uint[] Constants =
    [
        0x428a2f98,
        0x71374491,
        0xb5c0fbcf,
        0xe9b5dba5,
        0x3956c25b,
        0x59f111f1,
        0x923f82a4,
        0xab1c5ed5,
        0xd807aa98,
        0x12835b01,
        0x243185be,
        0x550c7dc3,
        0x72be5d74,
        0x80deb1fe,
        0x9bdc06a7,
        0xc19bf174,
        0xe49b69c1,
        0xefbe4786,
        0x0fc19dc6,
        0x240ca1cc,
        0x2de92c6f,
        0x4a7484aa,
        0x5cb0a9dc,
        0x76f988da,
        0x983e5152,
        0xa831c66d,
        0xb00327c8,
        0xbf597fc7,
        0xc6e00bf3,
        0xd5a79147,
        0x06ca6351,
        0x14292967,
        0x27b70a85,
        0x2e1b2138,
        0x4d2c6dfc,
        0x53380d13,
        0x650a7354,
        0x766a0abb,
        0x81c2c92e,
        0x92722c85,
        0xa2bfe8a1,
        0xa81a664b,
        0xc24b8b70,
        0xc76c51a3,
        0xd192e819,
        0xd6990624,
        0xf40e3585,
        0x106aa070,
        0x19a4c116,
        0x1e376c08,
        0x2748774c,
        0x34b0bcb5,
        0x391c0cb3,
        0x4ed8aa4a,
        0x5b9cca4f,
        0x682e6ff3,
        0x748f82ee,
        0x78a5636f,
        0x84c87814,
        0x8cc70208,
        0x90befffa,
        0xa4506ceb,
        0xbef9a3f7,
        0xc67178f2,
    ];

    /// <summary>The same of the square roots of the first eight primes (section 5.3.3).</summary>
    private static readonly uint[] Initial =
    [
        0x6a09e667,
        0xbb67ae85,
        0x3c6ef372,
        0xa54ff53a,
        0x510e527f,
        0x9b05688c,
        0x1f83d9ab,
        0x5be0cd19,
    ];

    private readonly uint[] _state = [.. Initial];
    private readonly uint[] _schedule = new uint[64];
    private readonly byte[] _block = new byte[BlockBytes];
    private int _inBlock;
    private long _total;

    /// <summary>The digest of some bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new Sha256Digest();
        hash.Append(bytes);
        return hash.Finish();
    }

    /// <summary>The digest of the rest of a stream.</summary>
    public static byte[] Hash(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (hash, piece) = (new Sha256Digest(), new byte[1 << 16]);
        while (stream.Read(piece) is > 0 and var count)
            hash.Append(piece.AsSpan(0, count));
        return hash.Finish();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _total += bytes.Length;
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(BlockBytes - _inBlock, bytes.Length);
            bytes[..count].CopyTo(_block.AsSpan(_inBlock));
            _inBlock += count;
            bytes = bytes[count..];
            if (_inBlock == BlockBytes)
                Compress();
        }
    }

    /// <summary>Pads the message (section 5.1.1) and returns its digest.</summary>
    private byte[] Finish()
    {
        var bits = _total * 8;
        Append([0x80]);
        while (_inBlock != BlockBytes - LengthBytes)
            Append([0]);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64BigEndian(length, bits);
        Append(length);
        var digest = new byte[Length];
        for (var word = 0; word < _state.Length; word++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(word * sizeof(uint)), _state[word]);
        return digest;
    }

    private void Compress()
    {
        var w = _schedule;
        for (var t = 0; t < 16; t++)
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(_block.AsSpan(t * sizeof(uint)));
        for (var t = 16; t < w.Length; t++)
        {
            var (early, late) = (w[t - 15], w[t - 2]);
            var s0 = BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3);
            var s1 = BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10);
            w[t] = w[t - 16] + s0 + w[t - 7] + s1;
        }
        var (a, b, c, d) = (_state[0], _state[1], _state[2], _state[3]);
        var (e, f, g, h) = (_state[4], _state[5], _state[6], _state[7]);
        for (var t = 0; t < w.Length; t++)
        {
            var s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            var t1 = h + s1 + ((e & f) ^ (~e & g)) + Constants[t] + w[t];
            var s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            var t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }
        uint[] sum = [a, b, c, d, e, f, g, h];
        for (var word = 0; word < sum.Length; word++)
            _state[word] += sum[word];
        _inBlock = 0;
    }
}
