namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>Enhances up to <see cref="LowMaps.Lanes"/> maps in one pass over the connections.</summary>
/// <remarks>
/// For each fixel and map a histogram over heights: a connection adds its weight to the lower one of the bins of both fixels, if their
/// signs agree. The sums from above are the extents. The connectivity to all fixels with a statistic, by which scores are divided, is the
/// same for all maps. All of these sums are exact, and each map has its own order of what follows, so its bits depend on nothing else.
/// </remarks>
internal sealed class CfeEnhancer : IEnhancer
{
    private readonly ConnectivityMatrix _matrix;
    private readonly CfeParameters _parameters;
    private readonly ConnectionWeights _weights;
    private readonly TotalConnectivity _totals;
    private readonly CfeScores _scores;
    private readonly LowMaps _low;
    private TallMaps? _tall;

    public CfeEnhancer(ConnectivityMatrix matrix, CfeParameters parameters)
    {
        (_matrix, _parameters) = (matrix, parameters);
        _weights = new(parameters.C);
        _totals = new(matrix, _weights);
        _scores = new(parameters);
        _low = new(matrix, parameters, _scores);
    }

    /// <inheritdoc/>
    public void Enhance(ReadOnlySpan<float> maps, MapPeaks unpermuted, Span<float> enhanced)
    {
        for (var first = 0; first < maps.Length; )
        {
            var rest = maps[first..Math.Min(maps.Length, first + (LowMaps.Lanes * _matrix.Fixels))];
            // In a run all maps have statistics at the same elements.
            var length = _totals.Begin(rest);
            if (!_low.TryEnhance(rest[..length], _weights, _totals, enhanced.Slice(first, length)))
                EnhanceTall(rest[..length], enhanced.Slice(first, length));
            first += length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _low.Dispose();
        _tall?.Dispose();
    }

    /// <summary>Strong effects reach more heights, in few maps.</summary>
    private void EnhanceTall(ReadOnlySpan<float> maps, Span<float> enhanced)
    {
        _tall ??= new(_matrix, _parameters, _scores);
        var most = TallMaps.Lanes * _matrix.Fixels;
        for (var first = 0; first < maps.Length; first += most)
        {
            var length = Math.Min(most, maps.Length - first);
            _tall.Enhance(maps.Slice(first, length), _weights, _totals, enhanced.Slice(first, length));
        }
    }
}
