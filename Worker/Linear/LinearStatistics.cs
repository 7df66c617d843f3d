using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Linear;

/// <summary>Computes lm's result columns from the fits of a block, a column at a time. A workspace of one thread.</summary>
/// <remarks>
/// With n rows, rank k, i = 1 with an intercept and 0 without: σ² = RSS / (n - k), se = √(v σ²), t = b / se, R² = MSS / (MSS + RSS),
/// adjusted 1 - (1 - R²)(n - i) / (n - k), F = MSS / (k - i) / σ², log L = ½ (Σ log w - n (log 2π + 1 - log n + log RSS)) (Seber and Lee,
/// Linear Regression Analysis, 2003, chapters 3 and 4). What R's summary.lm answers at the edges is kept: without residual degrees of
/// freedom everything that needs σ is NaN; a lone intercept has R² = 0; a single coefficient has no F.
/// </remarks>
internal sealed class LinearStatistics(IReadOnlyList<LinearColumn> columns, bool hasIntercept)
{
    /// <summary>log 2π.</summary>
    private const double LogTwoPi = 1.8378770664093454836;

    private const double LnTen = 2.3025850929940456840;

    private readonly double _intercept = hasIntercept ? 1 : 0;
    private readonly TailTables _tails = new();
    private double[] _values = [];

    /// <summary>Writes all columns.</summary>
    /// <param name="fits">The fits of a block.</param>
    /// <param name="results">Receives the columns, column c of element e at <c>c * fits.Count + e</c>.</param>
    public void Write(LinearFits fits, Span<double> results)
    {
        if (_values.Length < fits.Count) _values = new double[fits.Count];
        for (var c = 0; c < columns.Count; c++)
        {
            var target = results.Slice(c * fits.Count, fits.Count);
            if (columns[c].Coefficient >= 0) WriteOfCoefficient(columns[c], fits, target);
            else WriteOfModel(columns[c], fits, target);
        }
    }

    private void WriteOfCoefficient(LinearColumn column, LinearFits fits, Span<double> target)
    {
        var estimates = fits.Estimates(column.Coefficient);
        if (column.Statistic == "estimate")
        {
            estimates.CopyTo(target);
            return;
        }
        var variances = fits.Variances(column.Coefficient);
        for (var e = 0; e < target.Length; e++) target[e] = Math.Sqrt(variances[e] * ResidualVariance(fits, e));
        if (column.Statistic == "std.error") return;
        for (var e = 0; e < target.Length; e++) target[e] = estimates[e] / target[e];
        if (column.Statistic == "statistic") return;
        Tails(column, fits, target);
    }

    private void WriteOfModel(LinearColumn column, LinearFits fits, Span<double> target)
    {
        for (var e = 0; e < target.Length; e++) target[e] = OfModel(column.Statistic, fits, e);
        if (column.Statistic == "p.value") Tails(column, fits, target);
    }

    private double OfModel(string statistic, LinearFits fits, int e) => statistic switch
    {
        "r.squared" => RSquared(fits, e),
        "adj.r.squared" => AdjustedRSquared(fits, e),
        "sigma" => Math.Sqrt(ResidualVariance(fits, e)),
        "statistic" or "p.value" => F(fits, e),
        "df" => fits.Rank[e] > 1 ? fits.Rank[e] - _intercept : double.NaN,
        "logLik" => LogLikelihood(fits, e),
        "AIC" => (-2 * LogLikelihood(fits, e)) + (2 * (fits.Rank[e] + 1)),
        "BIC" => (-2 * LogLikelihood(fits, e)) + (ReproducibleMath.Log(fits.Rows[e]) * (fits.Rank[e] + 1)),
        "deviance" => fits.ResidualSquares[e],
        "df.residual" => ResidualDegrees(fits, e),
        "nobs" => fits.Rows[e],
        _ => throw new ArgumentException($"lm has no model statistic '{statistic}'.", nameof(statistic)),
    };

    private static double ResidualDegrees(LinearFits fits, int e) => fits.Rows[e] - fits.Rank[e];

    private static double ResidualVariance(LinearFits fits, int e) => fits.ResidualSquares[e] / ResidualDegrees(fits, e);

    private bool IsInterceptOnly(LinearFits fits, int e) => fits.Rank[e] == _intercept;

    private double RSquared(LinearFits fits, int e) =>
        IsInterceptOnly(fits, e) ? 0 : fits.ModelSquares[e] / (fits.ModelSquares[e] + fits.ResidualSquares[e]);

    private double AdjustedRSquared(LinearFits fits, int e) =>
        IsInterceptOnly(fits, e) ? 0 : 1 - ((1 - RSquared(fits, e)) * ((fits.Rows[e] - _intercept) / ResidualDegrees(fits, e)));

    private double F(LinearFits fits, int e) =>
        fits.Rank[e] > 1 ? fits.ModelSquares[e] / (fits.Rank[e] - _intercept) / ResidualVariance(fits, e) : double.NaN;

    private static double LogLikelihood(LinearFits fits, int e)
    {
        var n = fits.Rows[e];
        return 0.5 * (fits.LogWeights[e] - (n * (LogTwoPi + 1 - ReproducibleMath.Log(n) + ReproducibleMath.Log(fits.ResidualSquares[e]))));
    }

    /// <summary>Replaces t or F by p-values or their -log10, for runs of elements with the same degrees of freedom at once.</summary>
    private void Tails(LinearColumn column, LinearFits fits, Span<double> target)
    {
        target.CopyTo(_values);
        var ofModel = column.Coefficient < 0;
        for (int from = 0, to; from < target.Length; from = to)
        {
            var (rank, degrees) = (fits.Rank[from], ResidualDegrees(fits, from));
            for (to = from + 1; to < target.Length && fits.Rank[to] == rank && ResidualDegrees(fits, to) == degrees;) to++;
            var values = _values.AsSpan(from, to - from);
            var tails = target[from..to];
            if (!HasTail(rank, degrees, ofModel)) tails.Fill(double.NaN);
            else if (ofModel) OfF(_tails.FisherF(rank - _intercept, degrees), column.NegativeLog10, values, tails);
            else OfT(_tails.StudentT(degrees), column.NegativeLog10, values, tails);
        }
    }

    private static void OfT(in StudentTTail tail, bool negativeLog10, ReadOnlySpan<double> t, Span<double> tails)
    {
        if (negativeLog10) tail.LogP(t, tails);
        else tail.P(t, tails);
        if (negativeLog10) ToNegativeLog10(tails);
    }

    private static void OfF(in FisherFTail tail, bool negativeLog10, ReadOnlySpan<double> f, Span<double> tails)
    {
        if (negativeLog10) tail.LogP(f, tails);
        else tail.P(f, tails);
        if (negativeLog10) ToNegativeLog10(tails);
    }

    private static void ToNegativeLog10(Span<double> logs)
    {
        foreach (ref var log in logs) log = -log / LnTen;
    }

    private static bool HasTail(double rank, double residualDegrees, bool ofModel) => residualDegrees > 0 && (!ofModel || rank > 1);
}
