namespace HpcFit.Coordinator.Merging;

/// <summary>
/// The largest statistic of all elements in each shuffle, from which p-values that control the family-wise error follow.
/// </summary>
internal sealed class NullDistribution
{
    /// <summary>
    /// What counts as equal, relative to a statistic, or to 1 if that is more: mirrored designs tie, but not in their last bits. Ties of an
    /// element with itself that are less precise have the bits of its statistic (the worker's <c>ExtremesAndCounts</c>).
    /// </summary>
    private const double Tolerance = 1e-10;

    private readonly double[] _ascending;
    private readonly Lazy<ParetoTail?> _tail;

    /// <summary>Takes the maxima of all shuffles.</summary>
    /// <param name="maxima">One value per shuffle, first the identity; NaN where no element has a statistic, which is below all.</param>
    /// <param name="isExhaustive">Whether all possible shuffles were used, so that their fractions are exact.</param>
    public NullDistribution(IReadOnlyList<double> maxima, bool isExhaustive = false)
    {
        IsExhaustive = isExhaustive;
        _ascending = [.. maxima.Order()];
        _tail = new(() => isExhaustive ? null : ParetoTail.Fit([.. maxima.Skip(1).Where(double.IsFinite).Order()]));
    }

    /// <summary>Whether all possible shuffles were used, so that their fractions are exact.</summary>
    public bool IsExhaustive { get; }

    /// <summary>The distribution of the tail; null: none fits, or the fractions are exact.</summary>
    public ParetoTail? Tail => _tail.Value;

    /// <summary>The fraction of shuffles whose largest statistic is at least a value; NaN for NaN.</summary>
    public double P(double statistic) =>
        double.IsNaN(statistic) ? double.NaN : (double)(_ascending.Length - CountBelow(statistic)) / _ascending.Length;

    /// <summary>
    /// The natural logarithm of p, which is estimated by <see cref="Tail"/> where the fraction of shuffles is below
    /// <see cref="ParetoTail.MostP"/>; NaN for NaN.
    /// </summary>
    public double LogTailP(double statistic)
    {
        var p = P(statistic);
        return p < ParetoTail.MostP && Tail is { } tail && statistic > tail.Threshold ? tail.LogP(statistic) : Math.Log(p);
    }

    /// <summary>How many maxima are less than a value, but for the tolerance. NaN is ordered first.</summary>
    private int CountBelow(double statistic)
    {
        var bound = statistic - (Tolerance * Math.Max(1, Math.Abs(statistic)));
        var (low, high) = (0, _ascending.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ascending[middle] >= bound)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
