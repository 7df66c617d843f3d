using System.Buffers.Binary;
using System.Numerics;

namespace HpcFit.Shared.Files;

/// <summary>
/// SHA-256 (FIPS 180-4, section 6.2), for digests that other programs check: <c>sha256sum</c>, browsers. .NET's own needs OpenSSL, which nodes
/// of a cluster may lack or have in a version that it does not find. Not for secrets.
/// </summary>
public sealed class Sha256Digest
{
    /// <summary>Bytes of a digest.</summary>
    public const int Length = 32;

    private const int BlockBytes = 64;
    private const int LengthBytes = 8;

    /// <summary>The first 32 bits of the fractional parts of the cube roots of the first 64 primes (section 4.2.2).</summary>
    private static readonly uint[] Constants = [.. Primes(64).Select(prime => Fraction(prime, CubeRoot))];

    /// <summary>The same of the square roots of the first eight primes (section 5.3.3).</summary>
    private static readonly uint[] Initial = [.. Primes(8).Select(prime => Fraction(prime, SquareRoot))];

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

    private static IEnumerable<int> Primes(int count) =>
        Enumerable.Range(2, 400).Where(number => Enumerable.Range(2, number - 2).All(divisor => number % divisor != 0)).Take(count);

    /// <summary>The first 32 bits of the fractional part of a root: the integer root of the number times a power of two.</summary>
    private static uint Fraction(int number, Func<BigInteger, BigInteger> scaledRoot) => (uint)(scaledRoot(number) & uint.MaxValue);

    private static BigInteger SquareRoot(BigInteger number) => Root(number << 64, root => root * root);

    private static BigInteger CubeRoot(BigInteger number) => Root(number << 96, root => root * root * root);

    /// <summary>The largest integer whose power is not greater than a number, by bisection.</summary>
    private static BigInteger Root(BigInteger number, Func<BigInteger, BigInteger> power)
    {
        var (low, high) = (BigInteger.Zero, BigInteger.One << 40);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (power(middle) <= number)
                low = middle;
            else
                high = middle;
        }
        return low;
    }
}
