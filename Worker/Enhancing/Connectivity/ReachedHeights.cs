using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>How many heights dh, 2 dh, … statistics reach, with their sign.</summary>
/// <param name="step">dh.</param>
internal readonly struct ReachedHeights(double step)
{
    /// <summary>The largest number of heights; higher statistics count as if they reached only these.</summary>
    public const int Limit = 4094;

    /// <summary>Of an element without a statistic.</summary>
    public const short Missing = short.MinValue;

    /// <summary>The numbers of heights of some elements.</summary>
    /// <param name="statistics">The statistics; NaN where there is none.</param>
    /// <param name="bins">Receives the numbers, <see cref="Missing"/> for NaN.</param>
    public void Count(ReadOnlySpan<float> statistics, Span<short> bins)
    {
        var at = 0;
        for (; at <= bins.Length - Vector256<short>.Count; at += Vector256<short>.Count)
        {
            var low = Vector256.Create(statistics[at..]);
            var high = Vector256.Create(statistics[(at + Vector256<float>.Count)..]);
            Vector256.Narrow(Bins(low), Bins(high)).CopyTo(bins[at..]);
        }
        for (; at < bins.Length; at++)
            bins[at] = (short)Bins(Vector256.Create(statistics[at]))[0];
    }

    /// <summary>The bins of eight statistics; the quotients are those of double.</summary>
    private Vector256<int> Bins(Vector256<float> statistics)
    {
        var (low, high) = Vector256.Widen(Vector256.Abs(statistics));
        var reached = Vector256.Narrow(Reached(low), Reached(high));
        // A whole number up to the limit is exact as float32, too.
        var bins = Vector256.ConvertToInt32Native(Vector256.CopySign(reached, statistics));
        return Vector256.ConditionalSelect(Vector256.Equals(statistics, statistics).AsInt32(), bins, Vector256.Create((int)Missing));
    }

    /// <summary>0 up to one step, and the quotient without its fraction above.</summary>
    private Vector256<double> Reached(Vector256<double> heights) =>
        Vector256.ConditionalSelect(
            Vector256.LessThan(heights, Vector256.Create(Limit * step)),
            Vector256.Floor(heights / step) & Vector256.GreaterThan(heights, Vector256.Create(step)),
            Vector256.Create((double)Limit)
        );
}
