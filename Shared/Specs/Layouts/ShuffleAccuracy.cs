namespace HpcFit.Shared.Specs.Layouts;

/// <summary>What p-values of a test from its list of shuffles can be: their least value and their Monte-Carlo error.</summary>
public readonly struct ShuffleAccuracy
{
    /// <summary>The p-value whose Monte-Carlo interval is reported.</summary>
    public const double Level = 0.05;

    private const double Quantile = 1.959963984540054;

    private readonly PermutedHypothesis _test;
    private readonly ShuffleSummary _list;

    /// <summary>The accuracy of a test.</summary>
    /// <param name="tests">All tests.</param>
    /// <param name="test">The test.</param>
    public ShuffleAccuracy(PermutationLayout tests, PermutedHypothesis test)
    {
        ArgumentNullException.ThrowIfNull(tests);
        ArgumentNullException.ThrowIfNull(test);
        (_test, _list) = (test, tests.Lists[test.List]);
    }

    /// <summary>The least possible p: the share of the shuffles that give the unpermuted statistic whatever the data are.</summary>
    public double LeastP => (_test.Unchanged ?? UnchangedAtLeast) / (double)_list.Count;

    /// <summary>
    /// The bounds between which a p of 0.05 is estimated with a probability of 95 % (normal approximation); both 0.05 where all shuffles
    /// are used.
    /// </summary>
    public (double Low, double High) Interval
    {
        get
        {
            var half = _list.IsExhaustive ? 0 : Quantile * Math.Sqrt(Level * (1 - Level) / _list.Count);
            return (Math.Max(0, Level - half), Level + half);
        }
    }

    /// <summary>The identity; and of all sign flips, the one of every subject gives the statistic with the opposite sign.</summary>
    private long UnchangedAtLeast
    {
        get
        {
            var countsOpposite = !_test.IsSigned || _test.Side == TestedSide.Both;
            return _list.IsExhaustive && _list.Errors != PermutationSpec.Exchangeable && countsOpposite ? 2 : 1;
        }
    }
}
