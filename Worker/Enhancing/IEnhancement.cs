using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Enhancing;

/// <summary>
/// A spatial enhancement of statistic maps (TFCE, CFE, clusters), with the neighbours of all elements: immutable, shared by all threads,
/// each of which enhances through an enhancer of its own.
/// </summary>
/// <remarks>
/// Results are reproducible to the bit: an enhanced map depends on the map itself, on <see cref="MapPeaks"/> of the unpermuted map and on
/// the run's spec only, never on other maps of the same call, on the thread or on the instruction set.
/// </remarks>
internal interface IEnhancement
{
    /// <summary>The elements of a map: all elements of the file, whether or not the run fits them.</summary>
    int Elements { get; }

    /// <summary>
    /// How many maps one call should enhance, where a pass over the neighbours serves several maps; 1: calls are independent.
    /// </summary>
    int MapsPerCall { get; }

    /// <summary>Memory in bytes that one enhancer holds, the maps of its caller not included.</summary>
    long BytesPerEnhancer { get; }

    /// <summary>Warnings about the neighbours of the elements, for the user.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Creates the workspace of one thread.</summary>
    IEnhancer CreateEnhancer();
}

/// <summary>Enhances maps on one thread. Owns its workspace; in the steady state it allocates nothing.</summary>
internal interface IEnhancer : IDisposable
{
    /// <summary>Enhances maps of one hypothesis, both signs at once.</summary>
    /// <param name="maps">
    /// One map after another, each with one statistic per element of the file; NaN at elements outside the analysis, which have no
    /// neighbours and no support. Infinite values are treated as the largest finite float32.
    /// </param>
    /// <param name="unpermuted">The extremes of the hypothesis's unpermuted map, from which some forms take their step.</param>
    /// <param name="enhanced">
    /// Receives as many values: with the sign of the statistic, so that positive values are the enhancement of the positive part of the
    /// map and the absolute value of negative ones is that of the positive part of the negated map. 0 where the statistic is 0 or has no
    /// support; NaN where the map is NaN. May not overlap <paramref name="maps"/>.
    /// </param>
    void Enhance(ReadOnlySpan<float> maps, MapPeaks unpermuted, Span<float> enhanced);
}

/// <summary>The extremes of a map.</summary>
/// <param name="Maximum">The largest value; 0 if none is positive.</param>
/// <param name="Minimum">The least value; 0 if none is negative.</param>
internal readonly record struct MapPeaks(float Maximum, float Minimum)
{
    /// <summary>The extremes of a map; NaN does not count.</summary>
    public static MapPeaks Find(ReadOnlySpan<float> map)
    {
        var values = MemoryMarshal.Cast<float, Vector256<float>>(map);
        var (most, least) = (Vector256<float>.Zero, Vector256<float>.Zero);
        // A comparison with NaN is false.
        foreach (var value in values)
        {
            most = Vector256.ConditionalSelect(Vector256.GreaterThan(value, most), value, most);
            least = Vector256.ConditionalSelect(Vector256.LessThan(value, least), value, least);
        }
        var (maximum, minimum) = (0f, 0f);
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
            (maximum, minimum) = (Math.Max(maximum, most[lane]), Math.Min(minimum, least[lane]));
        foreach (var value in map[(values.Length * Vector256<float>.Count)..])
        {
            maximum = value > maximum ? value : maximum;
            minimum = value < minimum ? value : minimum;
        }
        return new(maximum, minimum);
    }
}
