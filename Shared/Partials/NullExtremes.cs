using System.Runtime.InteropServices;

namespace HpcFit.Shared.Partials;

/// <summary>
/// The largest statistics of the elements of a block, per shuffle, hypothesis and sign: the bytes of a block of fits with permutation
/// tests. A value is stored as a whole number that is ordered like it, 0 where there is none, so that extremes of several blocks, in any
/// order, are largest whole numbers. Little-endian.
/// </summary>
/// <param name="Shuffles">The number of shuffles.</param>
/// <param name="Hypotheses">The number of hypotheses.</param>
public readonly record struct NullExtremes(long Shuffles, int Hypotheses)
{
    /// <summary>The statistic itself, and its negative.</summary>
    public const int Signs = 2;

    private const ulong SignBit = 1UL << 63;

    /// <summary>All bytes.</summary>
    /// <exception cref="OverflowException">They exceed what a block can hold.</exception>
    public int Bytes => checked((int)(Shuffles * Hypotheses * Signs * sizeof(ulong)));

    /// <summary>The place of the extreme of a hypothesis, of all extremes; that of its negative follows.</summary>
    public int At(long shuffle, int hypothesis) => checked((int)(((shuffle * Hypotheses) + hypothesis) * Signs));

    /// <summary>The whole number of a value; 0 for NaN.</summary>
    public static ulong Key(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        return double.IsNaN(value) ? 0
            : (bits & SignBit) == 0 ? bits | SignBit
            : ~bits;
    }

    /// <summary>The value of a whole number; NaN for 0.</summary>
    public static double Value(ulong key) =>
        key == 0 ? double.NaN
        : (key & SignBit) == 0 ? BitConverter.UInt64BitsToDouble(~key)
        : BitConverter.UInt64BitsToDouble(key & ~SignBit);

    /// <summary>The extremes in the bytes of a block.</summary>
    public static Span<ulong> Keys(Span<byte> bytes) => MemoryMarshal.Cast<byte, ulong>(bytes);

    /// <summary>Takes the larger of two sets of extremes.</summary>
    /// <param name="into">Receives them.</param>
    /// <param name="others">The others.</param>
    public static void Merge(Span<ulong> into, ReadOnlySpan<ulong> others)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] = Math.Max(into[i], others[i]);
    }
}
