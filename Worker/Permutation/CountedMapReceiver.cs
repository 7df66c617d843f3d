namespace HpcFit.Worker.Permutation;

/// <summary>Counts statistics, then stores them as maps.</summary>
/// <param name="counts">What counts.</param>
/// <param name="maps">What stores; it may overwrite the statistics.</param>
internal sealed class CountedMapReceiver(ExtremesAndCounts counts, MapReceiver maps) : StatisticReceiver
{
    /// <inheritdoc/>
    public override void ReceiveErrors(int hypothesis, int tile, ReadOnlySpan<double> errors) =>
        counts.ReceiveErrors(hypothesis, tile, errors);

    /// <inheritdoc/>
    public override void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics)
    {
        counts.Receive(hypothesis, shuffle, tile, statistics);
        // Rounded to float32, statistics that differ in their last bits may become different ones.
        counts.Settle(hypothesis, tile, statistics);
        maps.Receive(hypothesis, shuffle, tile, statistics);
    }
}
