using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Generalized;

/// <summary>The statistics of an element's fit, with the definitions of R's summary.glm. A workspace of one thread.</summary>
/// <remarks>
/// With φ the dispersion, 1 or Pearson's estimate, covariances are φ (X'WX)⁻¹. Tests are by z and chi-square where φ is known, otherwise by
/// t and F with the residual degrees of freedom. A contrast or test that is not orthogonal to the combinations of aliased columns is NaN.
/// </remarks>
internal sealed class GeneralizedStatistics
{
    /// <summary>A weight on an aliased combination this small, relative to the sizes of both, is a rounding error.</summary>
    private const double EstimableTolerance = 1e-7;

    private readonly GeneralizedColumn[] _columns;
    private readonly IReadOnlyList<Hypothesis> _hypotheses;
    private readonly WaldTest[] _tests;
    private readonly bool _hasKnownDispersion;
    private readonly double _alpha;
    private readonly int _coefficients;
    private readonly int _intercept;
    private readonly double[] _estimates;
    private readonly double[] _errors;
    private readonly double[] _combined;
    private readonly double[] _directions;
    private readonly double[] _covariance;
    private readonly bool[] _isAliased;
    private IFittedElement _fit = null!;
    private double _scale;
    private double _degrees;
    private double _logLikelihood;
    private double _quantile;
    private double _quantileDegrees = double.NaN;

    public GeneralizedStatistics(GeneralizedEngine engine)
    {
        _columns = [.. engine.Columns.Partial];
        _hypotheses = engine.Hypotheses;
        _tests = [.. _hypotheses.Select(one => new WaldTest(one))];
        _hasKnownDispersion = engine.HasKnownDispersion;
        _alpha = 1 - engine.ConfLevel;
        _coefficients = engine.Design.ColumnNames.Count;
        _intercept = engine.Design.HasIntercept ? 1 : 0;
        (_estimates, _errors, _isAliased) = (new double[_coefficients], new double[_coefficients], new bool[_coefficients]);
        _combined = new double[_coefficients];
        _directions = new double[_coefficients * _coefficients];
        _covariance = new double[_coefficients * _coefficients];
    }

    /// <summary>Writes all columns of an element.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="values">Receives one value per column.</param>
    public void Write(IFittedElement fit, Span<double> values)
    {
        _fit = fit;
        _scale = _hasKnownDispersion ? 1 : fit.Dispersion;
        _degrees =
            _hasKnownDispersion ? double.PositiveInfinity
            : fit.ResidualDegrees > 0 ? fit.ResidualDegrees
            : double.NaN;
        _logLikelihood = double.NaN;
        Estimate();
        var last = -1;
        for (var c = 0; c < _columns.Length; c++)
        {
            var column = _columns[c];
            if (column.Subject == GeneralizedSubject.Hypothesis && column.Index != last)
                Test(last = column.Index);
            values[c] = column.Subject switch
            {
                GeneralizedSubject.Coefficient => OfCombination(_estimates[column.Index], _errors[column.Index], column),
                GeneralizedSubject.Model => Model(column.Statistic),
                _ when _hypotheses[column.Index].Kind == HypothesisKind.T => OfContrast(column),
                _ => OfTest(column),
            };
        }
    }

    /// <summary>Coefficients T⁻¹ c, and L⁻¹ of the rows of T⁻¹, whose products are the covariances.</summary>
    private void Estimate()
    {
        var (rows, rank) = (_fit.Tables, _fit.Tables.Rank);
        Array.Fill(_estimates, double.NaN);
        Array.Fill(_errors, double.NaN);
        Array.Fill(_isAliased, true);
        for (var k = 0; k < rank; k++)
        {
            var direction = _directions.AsSpan(rows.Pivots[k] * _coefficients, rank);
            rows.Inverse.AsSpan(k * rank, rank).CopyTo(direction);
            _estimates[rows.Pivots[k]] = Sequential.Dot(direction, _fit.Coordinates);
            _fit.SolveLower(direction);
            _errors[rows.Pivots[k]] = Math.Sqrt(_scale * Sequential.Dot(direction, direction));
            _isAliased[rows.Pivots[k]] = false;
        }
        if (_tests.Length > 0)
            ComputeCovariance(rank);
    }

    /// <summary>All covariances; those of aliased coefficients are 0, as their estimates in combinations.</summary>
    private void ComputeCovariance(int rank)
    {
        for (var i = 0; i < _coefficients; i++)
        for (var j = 0; j <= i; j++)
        {
            var value =
                _isAliased[i] || _isAliased[j]
                    ? 0
                    : _scale * Sequential.Dot(_directions.AsSpan(i * _coefficients, rank), _directions.AsSpan(j * _coefficients, rank));
            _covariance[(i * _coefficients) + j] = _covariance[(j * _coefficients) + i] = value;
        }
    }

    private void Test(int hypothesis)
    {
        // A combination that can be estimated has the same value for every value of the aliased coefficients.
        for (var c = 0; c < _coefficients; c++)
            _combined[c] = _isAliased[c] ? 0 : _estimates[c];
        _tests[hypothesis].Run(_combined, _covariance, _coefficients);
    }

    private double OfContrast(GeneralizedColumn column)
    {
        var hypothesis = _hypotheses[column.Index];
        return IsEstimable(hypothesis, hypothesis.Rows[0])
            ? OfCombination(_tests[column.Index].Estimate, _tests[column.Index].StandardError, column)
            : double.NaN;
    }

    private double OfTest(GeneralizedColumn column)
    {
        var (test, hypothesis) = (_tests[column.Index], _hypotheses[column.Index]);
        for (var i = 0; i < hypothesis.Rows.Count; i++)
            if (!IsEstimable(hypothesis, hypothesis.Rows[i]))
                return double.NaN;
        if (test.Degrees == 0 || double.IsNaN(_degrees))
            return double.NaN;
        var f = test.Squares / test.Degrees;
        return column.Statistic switch
        {
            "Chisq.statistic" => test.Squares,
            "F.statistic" => f,
            "Chisq.df" or "F.df1" => test.Degrees,
            "F.df2" => _degrees,
            _ when column.NegativeLog10 => -FisherF.UpperLogP(f, test.Degrees, _degrees) / ReproducibleMath.LnTen,
            _ => FisherF.UpperP(f, test.Degrees, _degrees),
        };
    }

    /// <summary>
    /// Whether a row is orthogonal to the combinations of aliased columns. For a test of columns, those of aliased columns that are tested,
    /// too, do not matter: the test compares the models with and without all of them.
    /// </summary>
    private bool IsEstimable(Hypothesis hypothesis, double[] row)
    {
        var rows = _fit.Tables;
        for (var place = rows.Rank; place < _coefficients; place++)
        {
            if (hypothesis.Kind == HypothesisKind.F && IsTested(hypothesis, rows.Pivots[place]))
                continue;
            var combination = rows.Null.AsSpan((place - rows.Rank) * _coefficients, _coefficients);
            var product = Sequential.Dot(row, combination);
            if (Math.Abs(product) > EstimableTolerance * Math.Sqrt(Sequential.Dot(row, row) * Sequential.Dot(combination, combination)))
                return false;
        }
        return true;
    }

    private static bool IsTested(Hypothesis hypothesis, int column)
    {
        for (var i = 0; hypothesis.TestedColumns is { } tested && i < tested.Count; i++)
            if (tested[i] == column)
                return true;
        return false;
    }

    /// <summary>A statistic of a coefficient or contrast.</summary>
    private double OfCombination(double estimate, double error, GeneralizedColumn column) =>
        column.Statistic switch
        {
            "estimate" => estimate,
            "std.error" => error,
            "statistic" => estimate / error,
            "p.value" when column.NegativeLog10 => -StudentT.TwoSidedLogP(estimate / error, _degrees) / ReproducibleMath.LnTen,
            "p.value" => StudentT.TwoSidedP(estimate / error, _degrees),
            "conf.low" => estimate - (Quantile() * error),
            "conf.high" => estimate + (Quantile() * error),
            "exp.estimate" => ReproducibleMath.Exp(estimate),
            "exp.conf.low" => ReproducibleMath.Exp(estimate - (Quantile() * error)),
            "exp.conf.high" => ReproducibleMath.Exp(estimate + (Quantile() * error)),
            _ => throw new ArgumentException($"glm has no statistic '{column.Statistic}' of coefficients.", nameof(column)),
        };

    private double Quantile()
    {
        if (!_quantileDegrees.Equals(_degrees))
            (_quantile, _quantileDegrees) = (StudentTQuantile.TwoSided(_alpha, _degrees), _degrees);
        return _quantile;
    }

    private double Model(string statistic)
    {
        var (rows, parameters) = (_fit.Rows, _fit.Tables.Rank + _fit.Family.Parameters);
        return statistic switch
        {
            "null.deviance" => _fit.NullDeviance(),
            "df.null" => rows - _intercept,
            "logLik" => LogLikelihood(),
            "AIC" => (-2 * LogLikelihood()) + (2 * parameters),
            "BIC" => (-2 * LogLikelihood()) + (ReproducibleMath.Log(rows) * parameters),
            "deviance" => _fit.Deviance,
            "df.residual" => _fit.ResidualDegrees,
            "nobs" => rows,
            "dispersion" => _fit.Dispersion,
            "theta" => _fit.Theta,
            "theta.std.error" => _fit.ThetaStandardError,
            _ => throw new ArgumentException($"glm has no statistic '{statistic}' of the model.", nameof(statistic)),
        };
    }

    private double LogLikelihood() => double.IsNaN(_logLikelihood) ? _logLikelihood = _fit.LogLikelihood() : _logLikelihood;
}
