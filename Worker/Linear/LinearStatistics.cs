using HpcFit.Shared.Elements;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Linear;

/// <summary>Computes lm's result columns from the fits of a block, column by column. A workspace of one thread.</summary>
/// <remarks>
/// With n rows, rank k, i = 1 with an intercept and 0 without: σ² = RSS / (n - k), se = √(v σ²), t = b / se, R² = MSS / (MSS + RSS),
/// adjusted 1 - (1 - R²)(n - i) / (n - k), F = MSS / (k - i) / σ², log L = ½ (Σ log w - n (log 2π + 1 - log n + log RSS)) (Seber and Lee,
/// Linear Regression Analysis, 2003, chapters 3 and 4). The special cases are those of R's summary.lm: without residual degrees of
/// freedom everything that needs σ is NaN; a lone intercept has R² = 0; a single coefficient has no F.
/// </remarks>
internal sealed class LinearStatistics(
    IReadOnlyList<LinearColumn> columns,
    bool hasIntercept,
    double wholeCohortDegrees,
    KernelChoice kernel
)
{
    /// <summary>log 2π.</summary>
    private const double LogTwoPi = 1.8378770664093454836;

    private const double LnTen = 2.3025850929940456840;

    private readonly double _intercept = hasIntercept ? 1 : 0;
    private readonly bool _inRegisters = kernel == KernelChoice.Auto;
    private readonly TailTables _tails = new(wholeCohortDegrees);
    private readonly List<Run> _runs = [];
    private double[] _values = [];
    private double[] _residualDegrees = [];
    private double[] _residualVariances = [];
    private double[] _t = [];
    private int _coefficientOfT = -1;

    /// <summary>Writes all columns.</summary>
    /// <param name="fits">The fits of a block.</param>
    /// <param name="results">Receives the columns.</param>
    public void Write(LinearFits fits, in ResultBlock results)
    {
        Start(fits);
        for (var c = 0; c < columns.Count; c++)
        {
            var target = results.Column(c);
            if (columns[c].Coefficient >= 0)
                WriteCoefficientColumn(columns[c], fits, target);
            else
                WriteModelColumn(columns[c], fits, target);
        }
    }

    private void Start(LinearFits fits)
    {
        if (_values.Length < fits.Count)
        {
            _values = new double[fits.Count];
            _residualDegrees = new double[fits.Count];
            _residualVariances = new double[fits.Count];
            _t = new double[fits.Count];
        }
        for (var e = 0; e < fits.Count; e++)
        {
            _residualDegrees[e] = fits.Rows[e] - fits.Rank[e];
            _residualVariances[e] = fits.ResidualSquares[e] / _residualDegrees[e];
        }
        _coefficientOfT = -1;
        FindRuns(fits.Rank.AsSpan(0, fits.Count));
    }

    private void FindRuns(ReadOnlySpan<double> ranks)
    {
        _runs.Clear();
        for (int from = 0, to; from < ranks.Length; from = to)
        {
            var (rank, degrees) = (ranks[from], _residualDegrees[from]);
            for (to = from + 1; to < ranks.Length && ranks[to] == rank && _residualDegrees[to] == degrees; )
                to++;
            _runs.Add(new(from, to, rank, degrees));
        }
    }

    private void WriteCoefficientColumn(LinearColumn column, LinearFits fits, Span<double> target)
    {
        var estimates = fits.Estimates(column.Coefficient);
        switch (column.Statistic)
        {
            case "estimate":
                estimates.CopyTo(target);
                break;
            case "std.error":
                StandardErrors(fits.Variances(column.Coefficient), target);
                break;
            default:
                T(column.Coefficient, fits).CopyTo(target);
                if (column.Statistic == "p.value")
                    Tails(column, target);
                break;
        }
    }

    private void StandardErrors(ReadOnlySpan<double> variances, Span<double> target)
    {
        for (var e = 0; e < target.Length; e++)
            target[e] = Math.Sqrt(variances[e] * _residualVariances[e]);
    }

    /// <summary>t of a coefficient, kept for the next column that needs it.</summary>
    private ReadOnlySpan<double> T(int coefficient, LinearFits fits)
    {
        var t = _t.AsSpan(0, fits.Count);
        if (_coefficientOfT == coefficient)
            return t;
        var estimates = fits.Estimates(coefficient);
        StandardErrors(fits.Variances(coefficient), t);
        for (var e = 0; e < t.Length; e++)
            t[e] = estimates[e] / t[e];
        _coefficientOfT = coefficient;
        return t;
    }

    private void WriteModelColumn(LinearColumn column, LinearFits fits, Span<double> target)
    {
        ModelStatistic(column.Statistic, fits, target);
        if (column.Statistic == "p.value")
            Tails(column, target);
    }

    private void ModelStatistic(string statistic, LinearFits fits, Span<double> target)
    {
        switch (statistic)
        {
            case "r.squared":
                for (var e = 0; e < target.Length; e++)
                    target[e] = RSquared(fits, e);
                break;
            case "adj.r.squared":
                for (var e = 0; e < target.Length; e++)
                    target[e] = AdjustedRSquared(fits, e);
                break;
            case "sigma":
                for (var e = 0; e < target.Length; e++)
                    target[e] = Math.Sqrt(_residualVariances[e]);
                break;
            case "statistic" or "p.value":
                for (var e = 0; e < target.Length; e++)
                    target[e] = F(fits, e);
                break;
            case "df":
                for (var e = 0; e < target.Length; e++)
                    target[e] = fits.Rank[e] > 1 ? fits.Rank[e] - _intercept : double.NaN;
                break;
            case "logLik":
                for (var e = 0; e < target.Length; e++)
                    target[e] = LogLikelihood(fits, e);
                break;
            case "AIC":
                for (var e = 0; e < target.Length; e++)
                    target[e] = (-2 * LogLikelihood(fits, e)) + (2 * (fits.Rank[e] + 1));
                break;
            case "BIC":
                for (var e = 0; e < target.Length; e++)
                    target[e] = (-2 * LogLikelihood(fits, e)) + (ReproducibleMath.Log(fits.Rows[e]) * (fits.Rank[e] + 1));
                break;
            case "deviance":
                fits.ResidualSquares.AsSpan(0, target.Length).CopyTo(target);
                break;
            case "df.residual":
                _residualDegrees.AsSpan(0, target.Length).CopyTo(target);
                break;
            case "nobs":
                fits.Rows.AsSpan(0, target.Length).CopyTo(target);
                break;
            default:
                throw new ArgumentException($"lm has no model statistic '{statistic}'.", nameof(statistic));
        }
    }

    private bool IsInterceptOnly(LinearFits fits, int e) => fits.Rank[e] == _intercept;

    private double RSquared(LinearFits fits, int e) =>
        IsInterceptOnly(fits, e) ? 0 : fits.ModelSquares[e] / (fits.ModelSquares[e] + fits.ResidualSquares[e]);

    private double AdjustedRSquared(LinearFits fits, int e) =>
        IsInterceptOnly(fits, e) ? 0 : 1 - ((1 - RSquared(fits, e)) * ((fits.Rows[e] - _intercept) / _residualDegrees[e]));

    private double F(LinearFits fits, int e) =>
        fits.Rank[e] > 1 ? fits.ModelSquares[e] / (fits.Rank[e] - _intercept) / _residualVariances[e] : double.NaN;

    private static double LogLikelihood(LinearFits fits, int e)
    {
        var n = fits.Rows[e];
        return 0.5 * (fits.LogWeights[e] - (n * (LogTwoPi + 1 - ReproducibleMath.Log(n) + ReproducibleMath.Log(fits.ResidualSquares[e]))));
    }

    /// <summary>Replaces t or F by p-values or their -log10, one run at a time.</summary>
    private void Tails(LinearColumn column, Span<double> target)
    {
        target.CopyTo(_values);
        var ofModel = column.Coefficient < 0;
        foreach (var (from, to, rank, degrees) in _runs)
        {
            var values = _values.AsSpan(from, to - from);
            var tails = target[from..to];
            if (!HasTail(rank, degrees, ofModel))
                tails.Fill(double.NaN);
            else if (!column.NegativeLog10 && _tails.Tabulated(ofModel ? rank - _intercept : 1, degrees) is { } table)
                LookUp(table, values, tails, isRoot: !ofModel);
            else if (ofModel)
                FTails(_tails.FisherF(rank - _intercept, degrees), column.NegativeLog10, values, tails);
            else
                TTails(_tails.StudentT(degrees), column.NegativeLog10, values, tails);
        }
    }

    private void LookUp(TabulatedTail table, ReadOnlySpan<double> statistics, Span<double> tails, bool isRoot)
    {
        if (_inRegisters)
            table.P(statistics, tails, isRoot);
        else
            for (var i = 0; i < tails.Length; i++)
                tails[i] = table.P(statistics[i], isRoot);
    }

    private void TTails(in StudentTTail tail, bool negativeLog10, ReadOnlySpan<double> t, Span<double> tails)
    {
        if (negativeLog10)
            tail.LogP(t, tails);
        else if (_inRegisters)
            tail.P(t, tails);
        else
            for (var i = 0; i < t.Length; i++)
                tails[i] = tail.P(t[i]);
        if (negativeLog10)
            ToNegativeLog10(tails);
    }

    private void FTails(in FisherFTail tail, bool negativeLog10, ReadOnlySpan<double> f, Span<double> tails)
    {
        if (negativeLog10)
            tail.LogP(f, tails);
        else if (_inRegisters)
            tail.P(f, tails);
        else
            for (var i = 0; i < f.Length; i++)
                tails[i] = tail.P(f[i]);
        if (negativeLog10)
            ToNegativeLog10(tails);
    }

    private static void ToNegativeLog10(Span<double> logs)
    {
        foreach (ref var log in logs)
            log = -log / LnTen;
    }

    private static bool HasTail(double rank, double residualDegrees, bool ofModel) => residualDegrees > 0 && (!ofModel || rank > 1);

    /// <summary>Consecutive elements with the same degrees of freedom.</summary>
    private readonly record struct Run(int From, int To, double Rank, double Degrees);
}
