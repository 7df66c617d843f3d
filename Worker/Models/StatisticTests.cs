using HpcFit.Shared.Partials;

namespace HpcFit.Worker.Models;

/// <summary>
/// What tests of the statistics of some shuffles need: counts per element of the file, and the extremes of each shuffle. Threads may add
/// different elements at the same time.
/// </summary>
internal sealed class StatisticTests
{
    private readonly int _elements;
    private readonly NullExtremes _layout;
    private readonly ushort[] _counts;
    private readonly ulong[] _keys;

    /// <summary>Memory for tests.</summary>
    /// <param name="hypotheses">The number of hypotheses.</param>
    /// <param name="elements">Elements of the file.</param>
    /// <param name="capacity">Maximum number of shuffles at once.</param>
    public StatisticTests(int hypotheses, int elements, int capacity)
    {
        (_elements, _layout) = (elements, new(capacity, hypotheses));
        _counts = new ushort[checked(hypotheses * EnhancedBlock.Counts * elements)];
        _keys = new ulong[_layout.Bytes / sizeof(ulong)];
    }

    /// <summary>How many extremes it holds.</summary>
    public int Keys => _keys.Length;

    /// <summary>
    /// Counts of shuffles, by element of the file: with a statistic of at least, at most, and in absolute value at least the unpermuted
    /// one.
    /// </summary>
    public Span<ushort> Counts(int hypothesis, int which) =>
        _counts.AsSpan(((hypothesis * EnhancedBlock.Counts) + which) * _elements, _elements);

    /// <summary>
    /// The largest statistic of a shuffle, counted from the first that is held, and the largest of its negative; NaN where there is none.
    /// </summary>
    public (double Largest, double OfNegative) Extremes(int shuffle, int hypothesis)
    {
        var at = _layout.At(shuffle, hypothesis);
        return (NullExtremes.Value(_keys[at]), NullExtremes.Value(_keys[at + 1]));
    }

    /// <summary>Takes the extremes of some elements.</summary>
    /// <param name="keys">The extremes of the first shuffles.</param>
    public void MergeExtremes(ReadOnlySpan<ulong> keys)
    {
        lock (_keys)
            NullExtremes.Merge(_keys.AsSpan(0, keys.Length), keys);
    }

    /// <summary>Begins with other shuffles.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Array.Clear(_keys);
    }
}
