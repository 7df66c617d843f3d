using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// Enhances <see cref="Lanes"/> maps in one pass over the connections, however many heights their statistics reach. A workspace of one
/// thread.
/// </summary>
internal sealed unsafe class TallMaps(ConnectivityMatrix matrix, CfeParameters parameters, CfeScores scores) : IDisposable
{
    /// <summary>The number of maps.</summary>
    public const int Lanes = 16;

    private readonly HeightBins<short> _bins = new(matrix.Fixels, Lanes, ReachedHeights.Limit, parameters.Step);
    private readonly PairHistograms _pairs = new();
    private readonly double[] _histograms = new double[(ReachedHeights.Limit + 1) * Lanes];

    /// <summary>Enhances maps.</summary>
    /// <param name="maps">Up to <see cref="Lanes"/> maps with statistics at the same fixels.</param>
    /// <param name="weights">The weights of connections.</param>
    /// <param name="totals">The connectivity of each fixel.</param>
    /// <param name="enhanced">Receives the enhanced maps.</param>
    public void Enhance(ReadOnlySpan<float> maps, ConnectionWeights weights, TotalConnectivity totals, Span<float> enhanced)
    {
        // No number of heights is counted beyond this limit.
        _ = _bins.TryFill(maps);
        for (var fixel = 0; fixel < matrix.Fixels; fixel++)
            EnhanceFixel(fixel, weights, totals.Of(fixel), enhanced);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bins.Dispose();
        _pairs.Dispose();
    }

    private void EnhanceFixel(int fixel, ConnectionWeights weights, double total, Span<float> enhanced)
    {
        var own = Vector256.LoadAligned(_bins.First + ((long)fixel * Lanes));
        var missing = Vector256.Equals(own, Vector256.Create(HeightBins<short>.Missing));
        var reached = Vector256.AndNot(Vector256.Abs(own), missing);
        var highest = Highest(reached);
        Span<double> ofFixel = stackalloc double[Lanes];
        ofFixel.Clear();
        if (highest > 0)
        {
            var row = matrix.Row(fixel);
            Array.Clear(_histograms, 0, (highest + 1) * Lanes);
            _pairs.Sum(row, weights.Of(row), _bins.First, own, reached, _histograms);
            scores.Integrate(_histograms, highest, total, ofFixel);
        }
        for (int lane = 0, at = fixel; at < enhanced.Length; lane++, at += matrix.Fixels)
        {
            enhanced[at] =
                missing[lane] != 0 ? float.NaN
                : ofFixel[lane] == 0 ? 0
                : float.CopySign((float)Math.Min(ofFixel[lane], float.MaxValue), own[lane]);
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
}
