namespace HpcFit.Worker.Permutation;

/// <summary>Receives the statistics of shuffled data.</summary>
internal abstract class StatisticReceiver
{
    /// <summary>Receives how far rounding may move the unpermuted statistics of a tile, before these.</summary>
    /// <param name="hypothesis">The hypothesis, among those that are tested.</param>
    /// <param name="tile">The tile of the block.</param>
    /// <param name="errors">The bounds; NaN at elements that are not tested.</param>
    public virtual void ReceiveErrors(int hypothesis, int tile, ReadOnlySpan<double> errors) { }

    /// <summary>Receives the statistics of a tile of elements.</summary>
    /// <param name="hypothesis">The hypothesis, among those that are tested.</param>
    /// <param name="shuffle">The number of the shuffle.</param>
    /// <param name="tile">The tile of the block.</param>
    /// <param name="statistics">t or F; NaN at elements that are not tested. May be overwritten.</param>
    public abstract void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics);
}
