using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Linear;

/// <summary>
/// The tails of t and F by their degrees of freedom, with what depends on those alone computed once. A table changes no bit of a
/// p-value. A workspace of one thread: it allocates for degrees of freedom not met lately.
/// </summary>
internal sealed class TailTables
{
    /// <summary>Steps of the continued fraction to tabulate: most values need fewer.</summary>
    private const int Tabulated = 48;

    /// <summary>Some 10 MB; as many as there are degrees of freedom in a cohort of thousands.</summary>
    private const int Most = 4096;

    private readonly Dictionary<double, StudentTTail> _studentT = [];
    private readonly Dictionary<(double, double), FisherFTail> _fisherF = [];

    /// <summary>The tail of Student's t.</summary>
    public StudentTTail StudentT(double degrees)
    {
        if (_studentT.TryGetValue(degrees, out var tail)) return tail;
        if (_studentT.Count == Most) _studentT.Clear();
        return _studentT[degrees] = new(degrees, Tabulated);
    }

    /// <summary>The tail of F.</summary>
    public FisherFTail FisherF(double numerator, double denominator)
    {
        if (_fisherF.TryGetValue((numerator, denominator), out var tail)) return tail;
        if (_fisherF.Count == Most) _fisherF.Clear();
        return _fisherF[(numerator, denominator)] = new(numerator, denominator, Tabulated);
    }
}
