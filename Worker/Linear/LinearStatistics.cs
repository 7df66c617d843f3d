using HpcFit.Shared.Elements;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Linear;

/// <summary>Computes lm's result columns from the fits of a block, column by column. A workspace of one thread.</summary>
/// <remarks>
/// With n rows, rank k, i = 1 with an intercept and 0 without: σ² = RSS / (n - k), se = √(v σ²), t = b / se, R² = MSS / (MSS + RSS),
/// adjusted 1 - (1 - R²)(n - i) / (n - k), F = MSS / (k - i) / σ², log L = ½ (Σ log w - n (log 2π + 1 - log n + log RSS)) (Seber and Lee,
/// Linear Regression Analysis, 2003, chapters 3 and 4). The special cases are those of R's summary.lm: without residual degrees of
/// freedom everything that needs σ is NaN; a lone intercept has R² = 0; a single coefficient has no F.
/// </remarks>
internal sealed class LinearStatistics
{
    /// <summary>log 2π.</summary>
    private const double LogTwoPi = 1.8378770664093454836;

    private readonly LinearColumn[] _columns;
    private readonly IReadOnlyList<Hypothesis> _hypotheses;
    private readonly double _intercept;
    private readonly bool _hasClusters;
    private readonly PValues _pValues;
    private readonly CombinationStatistics _combinations;
    private readonly TestStatistics _tests;
    private readonly List<Run> _runs = [];
    private double[] _residualDegrees = [];
    private double[] _residualVariances = [];
    private double[] _estimates = [];
    private double[] _errors = [];
    private double[] _ratios = [];
    private (LinearSubject Subject, int Index)? _subjectOfRatios;

    /// <summary>A workspace for a model.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="wholeCohortDegrees">The residual degrees of freedom of elements without missing subjects; NaN: they do not share
    /// any.</param>
    public LinearStatistics(LinearEngine engine, double wholeCohortDegrees)
    {
        (_columns, _hypotheses) = ([.. engine.Columns.Partial], engine.Hypotheses);
        _intercept = engine.Design.HasIntercept ? 1 : 0;
        _hasClusters = engine.Plan.Clusters is not null;
        _pValues = new(wholeCohortDegrees, engine.Kernel);
        _combinations = new(engine.Plan.Alpha, _pValues);
        _tests = new(_pValues);
    }

    /// <summary>Writes all columns.</summary>
    /// <param name="fits">The fits of a block.</param>
    /// <param name="results">Receives the columns.</param>
    public void Write(LinearFits fits, in ResultBlock results)
    {
        Start(fits);
        for (var c = 0; c < _columns.Length; c++)
        {
            var column = _columns[c];
            var target = results.Column(c);
            if (column.Subject == LinearSubject.Model)
                WriteModelColumn(column, fits, target);
            else if (column is { Subject: LinearSubject.Coefficient, Statistic: "estimate" })
                fits.Estimates(column.Index).CopyTo(target);
            else if (column is { Subject: LinearSubject.Coefficient, Statistic: "std.estimate" })
                Standardise(column.Index, fits, target);
            else if (column.Subject == LinearSubject.Coefficient)
                _combinations.Write(column, Coefficient(column.Index, fits), target);
            else if (_hypotheses[column.Index].Kind == HypothesisKind.T)
                _combinations.Write(column, Contrast(column.Index, fits), target);
            else
                _tests.Write(column, TestOf(column.Index, fits), target);
        }
    }

    private void Start(LinearFits fits)
    {
        if (_ratios.Length < fits.Count)
        {
            _residualDegrees = new double[fits.Count];
            _residualVariances = new double[fits.Count];
            _estimates = new double[fits.Count];
            _errors = new double[fits.Count];
            _ratios = new double[fits.Count];
        }
        for (var e = 0; e < fits.Count; e++)
        {
            _residualDegrees[e] = fits.Rows[e] - fits.Rank[e];
            _residualVariances[e] = fits.ResidualSquares[e] / _residualDegrees[e];
        }
        _subjectOfRatios = null;
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

    private Combination Coefficient(int coefficient, LinearFits fits)
    {
        var estimates = fits.Estimates(coefficient);
        var variances = fits.Variances(coefficient);
        if (IsOther(LinearSubject.Coefficient, coefficient))
            ComputeRatios(estimates, variances, coefficient, fits.Tests);
        return Combination(estimates, variances, coefficient, fits.Tests);
    }

    private Combination Contrast(int hypothesis, LinearFits fits)
    {
        var estimates = _estimates.AsSpan(0, fits.Count);
        var variances = fits.Tests.Scales(hypothesis);
        if (IsOther(LinearSubject.Hypothesis, hypothesis))
        {
            Estimate(_hypotheses[hypothesis].Rows[0], variances, fits, estimates);
            ComputeRatios(estimates, variances, fits.Coefficients + hypothesis, fits.Tests);
        }
        return Combination(estimates, variances, fits.Coefficients + hypothesis, fits.Tests);
    }

    /// <summary>Whether standard errors and t are those of another subject; they are kept for its next column.</summary>
    private bool IsOther(LinearSubject subject, int index)
    {
        var isOther = _subjectOfRatios != (subject, index);
        _subjectOfRatios = (subject, index);
        return isOther;
    }

    /// <summary>
    /// c β; coefficients that are aliased count as 0, which changes no combination that can be estimated. NaN for the others.
    /// </summary>
    private static void Estimate(double[] weights, ReadOnlySpan<double> variances, LinearFits fits, Span<double> target)
    {
        target.Clear();
        for (var c = 0; c < weights.Length; c++)
        {
            if (weights[c] == 0)
                continue;
            var estimates = fits.Estimates(c);
            for (var e = 0; e < target.Length; e++)
                target[e] += weights[c] * (double.IsNaN(estimates[e]) ? 0 : estimates[e]);
        }
        for (var e = 0; e < target.Length; e++)
            if (double.IsNaN(variances[e]))
                target[e] = double.NaN;
    }

    private void ComputeRatios(ReadOnlySpan<double> estimates, ReadOnlySpan<double> variances, int index, HypothesisFits tests)
    {
        ReadOnlySpan<double> robust = tests.AreRobust ? tests.RobustVariances(index) : default;
        for (var e = 0; e < estimates.Length; e++)
        {
            // Without residual degrees of freedom, residuals are rounding errors.
            var error = Math.Sqrt(robust.IsEmpty || !(_residualDegrees[e] > 0) ? variances[e] * _residualVariances[e] : robust[e]);
            (_errors[e], _ratios[e]) = (error, estimates[e] / error);
        }
    }

    private Combination Combination(ReadOnlySpan<double> estimates, ReadOnlySpan<double> variances, int index, HypothesisFits tests) =>
        new()
        {
            Estimates = estimates,
            StandardErrors = _errors.AsSpan(0, estimates.Length),
            T = _ratios.AsSpan(0, estimates.Length),
            Degrees = _hasClusters ? tests.RobustDegrees(index) : _residualDegrees.AsSpan(0, estimates.Length),
            UnscaledVariances = variances,
            ResidualVariances = _residualVariances.AsSpan(0, estimates.Length),
            ResidualDegrees = _residualDegrees.AsSpan(0, estimates.Length),
        };

    private Test TestOf(int hypothesis, LinearFits fits)
    {
        var degrees = fits.Tests.Scales(hypothesis);
        var squares = fits.Tests.Squares(hypothesis);
        if (IsOther(LinearSubject.Hypothesis, hypothesis))
            for (var e = 0; e < degrees.Length; e++)
                _ratios[e] =
                    fits.Tests.AreRobust && _residualDegrees[e] > 0
                        ? fits.Tests.RobustVariances(fits.Coefficients + hypothesis)[e] / degrees[e]
                        : squares[e] / degrees[e] / _residualVariances[e];
        return new()
        {
            F = _ratios.AsSpan(0, fits.Count),
            Degrees = degrees,
            DenominatorDegrees = _residualDegrees.AsSpan(0, fits.Count),
            Squares = squares,
            ResidualSquares = fits.ResidualSquares.AsSpan(0, fits.Count),
        };
    }

    /// <summary>β sd(column) / sd(response), of a model with an intercept and without an offset.</summary>
    private static void Standardise(int coefficient, LinearFits fits, Span<double> target)
    {
        var estimates = fits.Estimates(coefficient);
        var squares = fits.Tests.ColumnSquares(coefficient);
        for (var e = 0; e < target.Length; e++)
            target[e] = estimates[e] * Math.Sqrt(squares[e] / (fits.ModelSquares[e] + fits.ResidualSquares[e]));
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

    /// <summary>Replaces the model's F by p-values or their -log10, one run at a time.</summary>
    private void Tails(LinearColumn column, Span<double> target)
    {
        foreach (var (from, to, rank, degrees) in _runs)
            _pValues.OfF(target[from..to], rank > 1 ? rank - _intercept : double.NaN, degrees, column.NegativeLog10);
    }

    /// <summary>Consecutive elements with the same degrees of freedom.</summary>
    private readonly record struct Run(int From, int To, double Rank, double Degrees);
}
