using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Linear;

/// <summary>
/// The statistics of coefficients and contrasts, one value per element: estimate, standard error, t, p, confidence limits and effect sizes
/// (<see cref="EffectSizes"/>). A workspace of one thread.
/// </summary>
/// <param name="alpha">1 - the coverage of the confidence intervals.</param>
/// <param name="pValues">The tails.</param>
internal sealed class CombinationStatistics(double alpha, PValues pValues)
{
    private const int MaxQuantiles = 4096;

    private readonly Dictionary<double, double> _quantiles = [];

    /// <summary>Writes a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="values">The coefficient or contrast.</param>
    /// <param name="target">Receives the column.</param>
    public void Write(LinearColumn column, in Combination values, Span<double> target)
    {
        switch (column.Statistic)
        {
            case "estimate":
                values.Estimates.CopyTo(target);
                break;
            case "std.error":
                values.StandardErrors.CopyTo(target);
                break;
            case "statistic":
                values.T.CopyTo(target);
                break;
            case "p.value":
                PValue(values, column.NegativeLog10, target);
                break;
            case "df":
                values.Degrees.CopyTo(target);
                break;
            case "conf.low" or "conf.high":
                Limit(values, column.Statistic == "conf.low" ? -1 : 1, target);
                break;
            case "cohens.d":
                for (var e = 0; e < target.Length; e++)
                    target[e] = values.Estimates[e] / Math.Sqrt(values.ResidualVariances[e]);
                break;
            default:
                Share(column.Statistic, values, target);
                break;
        }
    }

    private void PValue(in Combination values, bool negativeLog10, Span<double> target)
    {
        values.T.CopyTo(target);
        for (int from = 0, to; from < target.Length; from = to)
        {
            to = Runs.End(values.Degrees, from);
            pValues.OfT(target[from..to], values.Degrees[from], negativeLog10);
        }
    }

    private void Limit(in Combination values, double side, Span<double> target)
    {
        for (int from = 0, to; from < target.Length; from = to)
        {
            to = Runs.End(values.Degrees, from);
            var width = side * Quantile(values.Degrees[from]);
            for (var e = from; e < to; e++)
                target[e] = values.Estimates[e] + (width * values.StandardErrors[e]);
        }
    }

    private static void Share(string statistic, in Combination values, Span<double> target)
    {
        for (var e = 0; e < target.Length; e++)
        {
            var (estimate, degrees) = (values.Estimates[e], values.ResidualDegrees[e]);
            var square = estimate * estimate / (values.UnscaledVariances[e] * values.ResidualVariances[e]);
            target[e] = statistic switch
            {
                "partial.rsq" => square / (square + degrees),
                "partial.r" => Math.CopySign(Math.Sqrt(square / (square + degrees)), estimate),
                "cohens.f2" => square / degrees,
                _ => throw new ArgumentException($"lm has no statistic '{statistic}'.", nameof(statistic)),
            };
        }
    }

    private double Quantile(double degrees)
    {
        if (_quantiles.TryGetValue(degrees, out var quantile))
            return quantile;
        if (_quantiles.Count == MaxQuantiles)
            _quantiles.Clear();
        return _quantiles[degrees] = StudentTQuantile.TwoSided(alpha, degrees);
    }
}

/// <summary>A coefficient or contrast of a block of elements, one value per element.</summary>
internal readonly ref struct Combination
{
    /// <summary>Estimates.</summary>
    public required ReadOnlySpan<double> Estimates { get; init; }

    /// <summary>Standard errors, robust ones if requested.</summary>
    public required ReadOnlySpan<double> StandardErrors { get; init; }

    /// <summary>Estimates over standard errors.</summary>
    public required ReadOnlySpan<double> T { get; init; }

    /// <summary>Degrees of freedom of t.</summary>
    public required ReadOnlySpan<double> Degrees { get; init; }

    /// <summary>Variances of least squares over σ².</summary>
    public required ReadOnlySpan<double> UnscaledVariances { get; init; }

    /// <summary>σ².</summary>
    public required ReadOnlySpan<double> ResidualVariances { get; init; }

    /// <summary>The residual degrees of freedom.</summary>
    public required ReadOnlySpan<double> ResidualDegrees { get; init; }
}
