using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// Sorts the elements of a map by absolute value, the largest first and equal ones by element: a radix sort of the bits, which for floats
/// without sign are in the order of the values. Owns its memory.
/// </summary>
internal sealed class HeightOrder(int elements)
{
    private const int DigitBits = 11;
    private const int Digits = 3; // of 31 bits
    private const int Values = 1 << DigitBits;
    private const uint Magnitude = 0x7FFF_FFFF;
    private const uint Infinity = 0x7F80_0000;

    private readonly ulong[] _sorted = new ulong[elements];
    private readonly ulong[] _spare = new ulong[elements];
    private readonly int[] _order = new int[elements];
    private readonly int[] _starts = new int[Digits * Values];

    /// <summary>Memory in bytes per element.</summary>
    public const int BytesPerElement = 2 * sizeof(ulong) + sizeof(int);

    /// <summary>Sorts the elements whose absolute value is above a floor; NaN is not.</summary>
    /// <param name="map">One value per element.</param>
    /// <param name="floor">Not negative.</param>
    /// <returns>The elements; valid until the next call.</returns>
    public ReadOnlySpan<int> Sort(ReadOnlySpan<float> map, float floor)
    {
        var count = Collect(map, BitConverter.SingleToUInt32Bits(floor));
        var (from, to) = (_sorted, _spare);
        for (var digit = 0; digit < Digits - 1; digit++)
        {
            Distribute(from.AsSpan(0, count), to, digit);
            (from, to) = (to, from);
        }
        var starts = _starts.AsSpan((Digits - 1) * Values, Values);
        foreach (var pair in from.AsSpan(0, count))
            _order[starts[Digit(pair, Digits - 1)]++] = (int)(uint)pair;
        return _order.AsSpan(0, count);
    }

    /// <summary>Pairs of a key, which is small for large values, and an element; the histograms of all digits become starts.</summary>
    private int Collect(ReadOnlySpan<float> map, uint floor)
    {
        var starts = _starts;
        Array.Clear(starts);
        var count = 0;
        for (var element = 0; element < map.Length; element++)
        {
            var bits = BitConverter.SingleToUInt32Bits(map[element]) & Magnitude;
            if (bits <= floor || bits > Infinity)
                continue;
            var pair = ((ulong)(Magnitude - bits) << 32) | (uint)element;
            for (var digit = 0; digit < Digits; digit++)
                starts[(digit * Values) + Digit(pair, digit)]++;
            _sorted[count++] = pair;
        }
        for (var digit = 0; digit < Digits; digit++)
        {
            var sum = 0;
            foreach (ref var start in starts.AsSpan(digit * Values, Values))
                (start, sum) = (sum, sum + start);
        }
        return count;
    }

    private void Distribute(ReadOnlySpan<ulong> pairs, Span<ulong> target, int digit)
    {
        var starts = _starts.AsSpan(digit * Values, Values);
        foreach (var pair in pairs)
            target[starts[Digit(pair, digit)]++] = pair;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digit(ulong pair, int digit) => (int)(pair >> (32 + (digit * DigitBits))) & (Values - 1);
}
