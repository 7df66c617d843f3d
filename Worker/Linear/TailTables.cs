using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Linear;

/// <summary>
/// The tails of t and F by their degrees of freedom; what depends on those alone is computed once. Elements without missing subjects share
/// their degrees of freedom, for which there is a table of p-values: how a p-value is computed depends on its degrees of freedom only. A
/// workspace of one thread, which allocates for new degrees of freedom.
/// </summary>
/// <param name="wholeCohortDegrees">The residual degrees of freedom of elements without missing subjects; NaN: no tables.</param>
internal sealed class TailTables(double wholeCohortDegrees)
{
    /// <summary>Steps of the continued fraction to tabulate: most values need fewer.</summary>
    private const int FractionSteps = 48;

    /// <summary>About 10 MB: enough for all degrees of freedom in a cohort of thousands.</summary>
    private const int Max = 4096;

    private readonly Dictionary<double, StudentTTail> _studentT = [];
    private readonly Dictionary<(double, double), FisherFTail> _fisherF = [];
    private readonly Dictionary<double, TabulatedTail?> _wholeCohort = [];

    /// <summary>A table of the tail of F, or of t where <paramref name="numerator"/> is 1; null where there is none.</summary>
    public TabulatedTail? Tabulated(double numerator, double denominator)
    {
        if (denominator != wholeCohortDegrees)
            return null;
        if (!_wholeCohort.TryGetValue(numerator, out var table))
            _wholeCohort[numerator] = table = TabulatedTail.TryCreate(numerator, denominator);
        return table;
    }

    /// <summary>The tail of Student's t.</summary>
    public StudentTTail StudentT(double degrees)
    {
        if (_studentT.TryGetValue(degrees, out var tail))
            return tail;
        if (_studentT.Count == Max)
            _studentT.Clear();
        return _studentT[degrees] = new(degrees, FractionSteps);
    }

    /// <summary>The tail of F.</summary>
    public FisherFTail FisherF(double numerator, double denominator)
    {
        if (_fisherF.TryGetValue((numerator, denominator), out var tail))
            return tail;
        if (_fisherF.Count == Max)
            _fisherF.Clear();
        return _fisherF[(numerator, denominator)] = new(numerator, denominator, FractionSteps);
    }
}
