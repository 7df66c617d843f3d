namespace HpcFit.Coordinator.Merging;

/// <summary>
/// The largest statistic of all elements in each shuffle, from which p-values that control the family-wise error follow. Immutable.
/// </summary>
internal sealed class NullDistribution
{
    /// <summary>What of a statistic counts as equal: mirrored designs tie, but not in their last bits.</summary>
    private const double Tolerance = 1e-10;

    private readonly double[] _ascending;

    /// <summary>Takes the maxima of all shuffles.</summary>
    /// <param name="maxima">One value per shuffle, the identity included; NaN where no element has a statistic, which is below all.</param>
    public NullDistribution(IEnumerable<double> maxima) => _ascending = [.. maxima.Order()];

    /// <summary>The fraction of shuffles whose largest statistic is at least a value; NaN for NaN.</summary>
    public double P(double statistic) =>
        double.IsNaN(statistic) ? double.NaN : (double)(_ascending.Length - CountBelow(statistic)) / _ascending.Length;

    /// <summary>How many maxima are less than a value, but for the tolerance. NaN is ordered first.</summary>
    private int CountBelow(double statistic)
    {
        var bound = statistic - (Tolerance * Math.Abs(statistic));
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
