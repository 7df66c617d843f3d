namespace HpcFit.Shared.Specs.Layouts;

/// <summary>What p-values from a list of shuffles can be: their least value and their Monte-Carlo error.</summary>
/// <param name="list">The list.</param>
public readonly struct ShuffleAccuracy(ShuffleSummary list)
{
    /// <summary>The p-value whose Monte-Carlo interval is reported.</summary>
    public const double Level = 0.05;

    private const double Quantile = 1.959963984540054;

    /// <summary>
    /// The least possible p. Of all sign flips, the one of every subject gives the statistic itself with the opposite sign.
    /// </summary>
    public double LeastP => (list.IsExhaustive && list.Errors != PermutationSpec.Exchangeable ? 2.0 : 1.0) / list.Count;

    /// <summary>
    /// The bounds between which a p of 0.05 is estimated with a probability of 95 % (normal approximation); both 0.05 where all shuffles
    /// are used.
    /// </summary>
    public (double Low, double High) Interval
    {
        get
        {
            var half = list.IsExhaustive ? 0 : Quantile * Math.Sqrt(Level * (1 - Level) / list.Count);
            return (Math.Max(0, Level - half), Level + half);
        }
    }
}
