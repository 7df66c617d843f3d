using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// Enhances <see cref="Lanes"/> maps in one pass over the connections, if none of their statistics reaches more than
/// <see cref="Limit"/> heights. A workspace of one thread.
/// </summary>
internal sealed unsafe class LowMaps(ConnectivityMatrix matrix, CfeParameters parameters, CfeScores scores) : IDisposable
{
    /// <summary>The number of maps.</summary>
    public const int Lanes = 32;

    /// <summary>The largest number of heights; with 0 and rounded up to whole registers it is still a signed byte.</summary>
    public const int Limit = 123;

    private const int Half = Lanes / 2;

    private readonly HeightBins<sbyte> _bins = new(matrix.Fixels, Lanes, Limit, parameters.Step);
    private readonly LowPairs _pairs = new();

    /// <summary>Enhances maps.</summary>
    /// <param name="maps">Up to <see cref="Lanes"/> maps with statistics at the same fixels.</param>
    /// <param name="weights">The weights of connections.</param>
    /// <param name="totals">The connectivity of each fixel.</param>
    /// <param name="enhanced">Receives the enhanced maps.</param>
    /// <returns>Whether they are low enough; otherwise nothing was done.</returns>
    public bool TryEnhance(ReadOnlySpan<float> maps, ConnectionWeights weights, TotalConnectivity totals, Span<float> enhanced)
    {
        if (!_bins.TryFill(maps))
            return false;
        var halves = maps.Length > (long)Half * matrix.Fixels ? 2 : 1;
        for (var fixel = 0; fixel < matrix.Fixels; fixel++)
            EnhanceFixel(fixel, halves, weights, totals.Of(fixel), enhanced);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bins.Dispose();
        _pairs.Dispose();
    }

    [SkipLocalsInit]
    private void EnhanceFixel(int fixel, int halves, ConnectionWeights weights, double total, Span<float> enhanced)
    {
        var own = Vector256.LoadAligned(_bins.First + ((long)fixel * Lanes));
        var missing = Vector256.Equals(own, Vector256.Create(HeightBins<sbyte>.Missing));
        var reached = Vector256.AndNot(Vector256.Abs(own), missing);
        var results = stackalloc float[Lanes];
        var signed = stackalloc sbyte[Lanes];
        own.Store(signed);
        new Span<float>(results, Lanes).Clear();
        if (reached != Vector256<sbyte>.Zero)
        {
            var row = matrix.Row(fixel);
            var order = LaneOrder.Arrange(reached);
            _pairs.Sum(row, weights.Of(row), _bins.First, own, reached, order, halves);
            var ofFixel = stackalloc double[Lanes];
            scores.Integrate(_pairs.Lower, _pairs.HighestOfLower, total, new(ofFixel, Half));
            scores.Integrate(_pairs.Higher, _pairs.HighestOfHigher, total, new(ofFixel + Half, Half));
            var lanes = stackalloc byte[Lanes];
            order.Store(lanes);
            for (var pair = 0; pair < halves * (Half / 2); pair++)
            {
                var first = pair < Half / 2 ? 0 : Half;
                Set(first + lanes[2 * pair], ofFixel[pair]);
                Set(first + lanes[(2 * pair) + 1], ofFixel[Half + pair]);
            }
        }
        for (int lane = 0, at = fixel; at < enhanced.Length; lane++, at += matrix.Fixels)
            enhanced[at] = signed[lane] == HeightBins<sbyte>.Missing ? float.NaN : results[lane];

        void Set(int lane, double score) =>
            results[lane] = score == 0 ? 0 : float.CopySign((float)Math.Min(score, float.MaxValue), signed[lane]);
    }
}
