using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>Enhances <see cref="HeightBins.Lanes"/> maps in one pass over the connections.</summary>
/// <remarks>
/// For each fixel and map a histogram over heights: a connection adds its weight to the lower one of the bins of both fixels, if their
/// signs agree. The sums from above are the extents. The connectivity to all fixels with a statistic, by which scores are divided, is the
/// same for all maps. All of these sums are exact, and each map has its own order of what follows, so its bits depend on nothing else.
/// </remarks>
internal sealed unsafe class CfeEnhancer : IEnhancer
{
    private const int Lanes = HeightBins.Lanes;

    private readonly ConnectivityMatrix _matrix;
    private readonly HeightBins _bins;
    private readonly PairHistograms _pairs = new();
    private readonly ConnectionWeights _weights;
    private readonly TotalConnectivity _totals;
    private readonly PowerFunction _extent;
    private readonly double[] _heights;
    private readonly double[] _histograms = new double[(HeightBins.Limit + 1) * Lanes];

    public CfeEnhancer(ConnectivityMatrix matrix, CfeParameters parameters)
    {
        _matrix = matrix;
        _bins = new(matrix.Fixels, parameters.Step);
        _extent = new(parameters.E);
        _weights = new(parameters.C);
        _totals = new(matrix, _weights);
        var height = new PowerFunction(parameters.H);
        _heights = [.. Enumerable.Range(0, HeightBins.Limit + 1).Select(level => height.Of(level * parameters.Step))];
    }

    /// <inheritdoc/>
    public void Enhance(ReadOnlySpan<float> maps, MapPeaks unpermuted, Span<float> enhanced)
    {
        var elements = _matrix.Fixels;
        for (var first = 0; first < maps.Length; )
        {
            var rest = maps.Slice(first, Math.Min(Lanes * elements, maps.Length - first));
            // In a run all maps have statistics at the same elements.
            var length = _totals.Begin(rest);
            _bins.Fill(rest[..length]);
            var into = enhanced.Slice(first, length);
            for (var fixel = 0; fixel < elements; fixel++)
                EnhanceFixel(fixel, into);
            first += length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bins.Dispose();
        _pairs.Dispose();
    }

    private void EnhanceFixel(int fixel, Span<float> enhanced)
    {
        var own = Vector256.LoadAligned(_bins.First + ((long)fixel * Lanes));
        var missing = Vector256.Equals(own, Vector256.Create(HeightBins.Missing));
        var reached = Vector256.AndNot(Vector256.Abs(own), missing);
        var highest = Highest(reached);
        Span<double> scores = stackalloc double[Lanes];
        scores.Clear();
        if (highest > 0)
        {
            var row = _matrix.Row(fixel);
            Array.Clear(_histograms, 0, (highest + 1) * Lanes);
            _pairs.Sum(row, _weights.Of(row), _bins.First, own, reached, _histograms);
            Integrate(highest, _totals.Of(fixel), scores);
        }
        for (int lane = 0, at = fixel; at < enhanced.Length; lane++, at += _matrix.Fixels)
        {
            enhanced[at] =
                missing[lane] != 0 ? float.NaN
                : scores[lane] == 0 ? 0
                : float.CopySign((float)Math.Min(scores[lane], float.MaxValue), own[lane]);
        }
    }

    private static int Highest(Vector256<short> reached)
    {
        var half = Vector128.Max(reached.GetLower(), reached.GetUpper());
        var highest = 0;
        for (var lane = 0; lane < Vector128<short>.Count; lane++)
            highest = Math.Max(highest, half[lane]);
        return highest;
    }

    /// <summary>Sums from the highest bin down: extents, then the score. The registers' chains of additions run side by side.</summary>
    private void Integrate(int highest, double total, Span<double> scores)
    {
        if (total == 0)
            return;
        Vector256<double> extents0 = default,
            extents1 = default,
            extents2 = default,
            extents3 = default;
        Vector256<double> sums0 = default,
            sums1 = default,
            sums2 = default,
            sums3 = default;
        for (var level = highest; level >= 1; level--)
        {
            ReadOnlySpan<double> sums = _histograms.AsSpan(level * Lanes, Lanes);
            var height = Vector256.Create(_heights[level]);
            extents0 += Vector256.Create(sums);
            extents1 += Vector256.Create(sums[4..]);
            extents2 += Vector256.Create(sums[8..]);
            extents3 += Vector256.Create(sums[12..]);
            sums0 += Powers(extents0) * height;
            sums1 += Powers(extents1) * height;
            sums2 += Powers(extents2) * height;
            sums3 += Powers(extents3) * height;
        }
        (sums0 / total).CopyTo(scores);
        (sums1 / total).CopyTo(scores[4..]);
        (sums2 / total).CopyTo(scores[8..]);
        (sums3 / total).CopyTo(scores[12..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Powers(Vector256<double> extents)
    {
        if (_extent.Exponent == 2)
            return extents * extents;
        return OtherPowers(extents);
    }

    private Vector256<double> OtherPowers(Vector256<double> extents) =>
        Vector256.Create(_extent.Of(extents[0]), _extent.Of(extents[1]), _extent.Of(extents[2]), _extent.Of(extents[3]));
}
