namespace HpcFit.Worker.Permutation;

/// <summary>Counts statistics, then stores them as maps.</summary>
/// <param name="counts">What counts.</param>
/// <param name="maps">What stores; it may overwrite the statistics.</param>
internal sealed class CountedMapReceiver(ExtremesAndCounts counts, MapReceiver maps) : StatisticReceiver
{
    /// <inheritdoc/>
    public override void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics)
    {
        counts.Receive(hypothesis, shuffle, tile, statistics);
        maps.Receive(hypothesis, shuffle, tile, statistics);
    }
}
