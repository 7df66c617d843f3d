using System.Numerics;
using System.Runtime.InteropServices;

namespace HpcFit.Shared.Runs;

/// <summary>
/// The checksum of a block of results, taken piece by piece: CRC-32C of its even-numbered 8-byte words, and that of the odd-numbered ones.
/// Processors have an instruction for it, and two sums keep that busy: it takes a tenth of SHA-256's time. It finds damage, not malice.
/// </summary>
/// <remarks>Castagnoli, Bräuer and Herrmann 1993, IEEE Transactions on Communications 41(6); preset and inverted as in RFC 3720.</remarks>
public struct BlockChecksum
{
    /// <summary>Bytes of it.</summary>
    public const int Length = sizeof(ulong);

    private uint _even = uint.MaxValue;
    private uint _odd = uint.MaxValue;
    private bool _isOddNext;

    /// <summary>That of nothing yet.</summary>
    public BlockChecksum()
    {
    }

    /// <summary>The sum of what was appended: that of the even words in the low half.</summary>
    public readonly ulong Value => ((ulong)~_odd << 32) | ~_even;

    /// <summary>That of some bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var checksum = new BlockChecksum();
        checksum.Append(bytes);
        return checksum.Value;
    }

    /// <summary>Appends bytes. A piece that does not end with a whole word is filled up with zeros: so may each section end, but no piece within one.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var at = 0;
        if (_isOddNext && words.Length > 0) AppendWord(words[at++]);
        for (; at + 1 < words.Length; at += 2)
        {
            _even = BitOperations.Crc32C(_even, words[at]);
            _odd = BitOperations.Crc32C(_odd, words[at + 1]);
        }
        if (at < words.Length) AppendWord(words[at]);
        var rest = bytes[(words.Length * sizeof(ulong))..];
        if (rest.IsEmpty) return;
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        last.Clear();
        rest.CopyTo(last);
        AppendWord(MemoryMarshal.Read<ulong>(last));
    }

    private void AppendWord(ulong word)
    {
        if (_isOddNext) _odd = BitOperations.Crc32C(_odd, word);
        else _even = BitOperations.Crc32C(_even, word);
        _isOddNext = !_isOddNext;
    }
}
