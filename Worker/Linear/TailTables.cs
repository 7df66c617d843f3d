using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Linear;

/// <summary>
/// The tails of t and F by their degrees of freedom, with what depends on those alone computed once. Elements that lack no subject share
/// theirs, and have a table of the values themselves; which way a p-value is computed depends on its degrees of freedom only. A workspace
/// of one thread: it allocates for degrees of freedom not met lately.
/// </summary>
/// <param name="wholeCohortDegrees">The residual degrees of freedom of elements that lack no subject; NaN for none.</param>
internal sealed class TailTables(double wholeCohortDegrees)
{
    /// <summary>Steps of the continued fraction to tabulate: most values need fewer.</summary>
    private const int FractionSteps = 48;

    /// <summary>Some 10 MB; as many as there are degrees of freedom in a cohort of thousands.</summary>
    private const int Max = 4096;

    private readonly Dictionary<double, StudentTTail> _studentT = [];
    private readonly Dictionary<(double, double), FisherFTail> _fisherF = [];
    private readonly Dictionary<double, TabulatedTail?> _ofWholeCohort = [];

    /// <summary>The tail of F, and with a numerator of 1 of t, as a table of values; null where there is none.</summary>
    public TabulatedTail? Tabulated(double numerator, double denominator)
    {
        if (denominator != wholeCohortDegrees)
            return null;
        if (!_ofWholeCohort.TryGetValue(numerator, out var table))
            _ofWholeCohort[numerator] = table = TabulatedTail.TryCreate(numerator, denominator);
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
