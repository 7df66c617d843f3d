using HpcFit.Shared.Specs;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>The statistics of an element's fit. A workspace of one thread.</summary>
/// <remarks>
/// Degrees of freedom by Satterthwaite as in Kuznetsova, Brockhoff, Christensen (2017), J. Stat. Softw. 82(13): 2 v² / (g'Ag), v the
/// variance of an estimate, g its gradient in (θ, σ), and A twice the generalised inverse of the Hessian of -2 log L. R² and icc as
/// Nakagawa, Johnson, Schielzeth (2017), J. R. Soc. Interface 14, 20170213; the variance of random slopes is its mean over rows (Johnson
/// 2014, Methods Ecol. Evol. 5).
/// </remarks>
internal sealed class StructuredStatistics
{
    /// <summary>lme4's bound of θ below which a fit is singular.</summary>
    private const double SingularTheta = 1e-4;

    /// <summary>Eigenvalues of the Hessian below this are taken as 0.</summary>
    private const double Flat = 1e-8;

    private readonly StructuredEngine _engine;
    private readonly RandomStructure _structure;
    private readonly MixedColumn[] _columns;
    private readonly MixedSpec _options;
    private readonly double[] _rotated;
    private readonly double[] _degrees;
    private readonly (DenseMatrix Matrix, SymmetricEigen Eigen)?[] _bySize;
    private readonly double[] _gradient;
    private readonly double[] _deviations;
    private readonly double[][] _restored;
    private readonly SymmetricEigen _eigen;
    private readonly DenseMatrix _hessian;
    private readonly StructuredKenwardRoger? _kenwardRoger;
    private StructuredSolution _fit = null!;
    private double _sigma2;
    private double _fixedVariance;
    private double _randomVariance;
    private bool _isSingular;

    public StructuredStatistics(StructuredEngine engine)
    {
        (_engine, _structure, _options) = (engine, engine.Structure, engine.Options);
        _columns = [.. engine.Columns.Partial];
        var (coefficients, parameters) = (engine.Design.ColumnNames.Count, engine.Structure.Parameters.Count);
        (_rotated, _degrees) = (new double[coefficients], new double[coefficients]);
        _bySize = new (DenseMatrix, SymmetricEigen)?[coefficients + 1];
        (_gradient, _eigen, _hessian) = (new double[parameters + 1], new(parameters + 1), new(parameters + 1, parameters + 1));
        _restored = [.. engine.Structure.Terms.Select(term => new double[term.Effects * term.Effects])];
        _kenwardRoger = _options.Df == MixedSpec.KenwardRoger ? new(engine) : null;
        _deviations = new double[engine.Structure.Terms.Max(term => term.Effects * term.Effects)];
    }

    /// <summary>Writes all columns of an element.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="values">Receives one value per column.</param>
    public void Write(StructuredSolution fit, Span<double> values)
    {
        Prepare(fit);
        _kenwardRoger?.Prepare(fit.Tables, fit.Theta);
        var (last, effect) = (-1, default(FixedEffect));
        var (lastTest, test) = (-1, default(FixedTest));
        for (var c = 0; c < _columns.Length; c++)
        {
            var column = _columns[c];
            if (column.Subject == MixedSubject.Coefficient && column.Index != last)
                (last, effect) = (column.Index, Effect(_fit.Tables.Combinations.Of(column.Index)));
            if (column.Subject == MixedSubject.Test && column.Index != lastTest)
                (lastTest, test) = (column.Index, Test(column.Index));
            values[c] = column.Subject switch
            {
                MixedSubject.Coefficient => Value(effect, column),
                MixedSubject.Test => Value(test, column),
                MixedSubject.Random => Random(column),
                _ => Model(column.Statistic),
            };
        }
    }

    private void Prepare(StructuredSolution fit)
    {
        _fit = fit;
        var tables = fit.Tables;
        _sigma2 = fit.Squares / fit.Degrees;
        _fixedVariance = 0;
        for (var a = 0; a < tables.Rank; a++)
        for (var b = 0; b < tables.Rank; b++)
            _fixedVariance += fit.Coordinates[a] * tables.Covariance[(a * tables.Rank) + b] * fit.Coordinates[b];
        (_randomVariance, _isSingular) = (0, false);
        for (var t = 0; t < _restored.Length; t++)
            PrepareTerm(t);
        PrepareHessian();
    }

    private void PrepareTerm(int t)
    {
        var (term, moments) = (_structure.Terms[t], _fit.Tables.Moments[t]);
        var factor = _fit.Factors.Of(t);
        var effects = term.Effects;
        for (var c = 0; c < effects; c++)
        for (var a = 0; a < effects; a++)
        for (var b = 0; b < effects; b++)
            _randomVariance += _sigma2 * factor[(a * effects) + c] * moments[(a * effects) + b] * factor[(b * effects) + c];
        term.Covariates.Restore(factor, _restored[t]);
        _isSingular |= SmallestDiagonal(_restored[t], effects) < SingularTheta;
    }

    /// <summary>The smallest diagonal entry of the lower triangular L with L L' = F F': lengths of F's rows outside those before
    /// them.</summary>
    private double SmallestDiagonal(ReadOnlySpan<double> factor, int effects)
    {
        var rows = _deviations.AsSpan(0, factor.Length);
        factor.CopyTo(rows);
        var smallest = double.PositiveInfinity;
        for (var i = 0; i < effects; i++)
        {
            var own = rows.Slice(i * effects, effects);
            for (var j = 0; j < i; j++)
            {
                var before = rows.Slice(j * effects, effects);
                FixedOrder.Add(-FixedOrder.Dot(own, before), before, own);
            }
            var length = Math.Sqrt(FixedOrder.Dot(own, own));
            smallest = Math.Min(smallest, length);
            for (var c = 0; c < effects; c++)
                own[c] = length > 0 ? own[c] / length : 0;
        }
        return smallest;
    }

    private void PrepareHessian()
    {
        // σ is measured in units of its estimate, so that eigenvalues do not depend on the unit of the response.
        var count = _gradient.Length - 1;
        for (var k = 0; k < count; k++)
        {
            for (var l = 0; l < count; l++)
                _hessian[k, l] = _fit.SigmaHessian[(k * count) + l];
            _hessian[k, count] = _hessian[count, k] = -2 * _fit.SquareSlopes[k] / _sigma2;
        }
        _hessian[count, count] = 4 * _fit.Degrees;
        if (_options.Df == MixedSpec.Satterthwaite)
            _eigen.Decompose(_hessian);
    }

    /// <summary>The estimate of a combination of fixed effects, given in coordinates on Q.</summary>
    private FixedEffect Effect(ReadOnlySpan<double> functional)
    {
        if (functional.IsEmpty || double.IsNaN(functional[0]))
            return new(double.NaN, double.NaN, double.NaN);
        if (_kenwardRoger is not null)
        {
            var (adjusted, degrees) = _kenwardRoger.Variance(functional);
            return new(Estimate(functional), Math.Sqrt(_sigma2 * adjusted), degrees);
        }
        var variance = Form(functional, _fit.Covariance, functional);
        return new(Estimate(functional), Math.Sqrt(_sigma2 * variance), DegreesOfFreedom(variance, functional));
    }

    private double Estimate(ReadOnlySpan<double> functional) => FixedOrder.Dot(functional, _fit.Coordinates.AsSpan(0, functional.Length));

    private static double Form(ReadOnlySpan<double> left, ReadOnlySpan<double> matrix, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * FixedOrder.Dot(matrix.Slice(i * right.Length, right.Length), right);
        return sum;
    }

    /// <summary>F as a mean of squared independent t: rotation to the eigenvectors of the covariance.</summary>
    private FixedTest Test(int test)
    {
        var (combinations, rank) = (_fit.Tables.Combinations, _fit.Tables.Rank);
        var count = combinations.Degrees(test);
        if (count == 0)
            return new(double.NaN, double.NaN, double.NaN);
        var functionals = combinations.OfTest(test);
        if (_kenwardRoger is not null)
        {
            for (var a = 0; a < count; a++)
                _degrees[a] = Estimate(functionals.Slice(a * rank, rank));
            var (f, denominator) = _kenwardRoger.Test(functionals, _degrees.AsSpan(0, count));
            return new(f / _sigma2, count, denominator);
        }
        var (matrix, eigen) = _bySize[count] ??= (new(count, count), new(count));
        for (var a = 0; a < count; a++)
        for (var b = 0; b <= a; b++)
            matrix[a, b] = matrix[b, a] = Form(functionals.Slice(a * rank, rank), _fit.Covariance, functionals.Slice(b * rank, rank));
        eigen.Decompose(matrix);
        var squares = 0.0;
        var rotated = _rotated.AsSpan(0, rank);
        for (var m = 0; m < count; m++)
        {
            rotated.Clear();
            for (var a = 0; a < count; a++)
                FixedOrder.Add(eigen.Vectors[a, m], functionals.Slice(a * rank, rank), rotated);
            var effect = Effect(rotated);
            squares += effect.T * effect.T;
            _degrees[m] = effect.Df;
        }
        return new(squares / count, count, DenominatorDegrees.Combine(_degrees.AsSpan(0, count)));
    }

    private double DegreesOfFreedom(double variance, ReadOnlySpan<double> functional)
    {
        if (_options.Df == MixedSpec.Normal)
            return double.PositiveInfinity;
        if (_options.Df == MixedSpec.Residual)
            return _fit.Tables.Rows - _fit.Tables.Rank;
        var count = _gradient.Length - 1;
        for (var k = 0; k < count; k++)
            _gradient[k] = _sigma2 * Form(functional, _fit.CovarianceSlopes[k], functional);
        _gradient[count] = 2 * _sigma2 * variance;
        var spread = 0.0;
        for (var i = 0; i <= count; i++)
        {
            if (!(_eigen.Values[i] > Flat))
                continue;
            var along = 0.0;
            for (var k = 0; k <= count; k++)
                along += _gradient[k] * _eigen.Vectors[k, i];
            spread += 2 * along * along / _eigen.Values[i];
        }
        return 2 * (_sigma2 * variance) * (_sigma2 * variance) / spread;
    }

    private double Value(in FixedEffect effect, MixedColumn column) =>
        column.Statistic switch
        {
            "estimate" => effect.Estimate,
            "std.error" => effect.StandardError,
            "df" => effect.Df,
            "statistic" => effect.T,
            "p.value" when column.NegativeLog10 => -StudentT.TwoSidedLogP(effect.T, effect.Df) / ReproducibleMath.LnTen,
            "p.value" => StudentT.TwoSidedP(effect.T, effect.Df),
            "conf.low" => effect.Estimate - HalfWidth(effect),
            "conf.high" => effect.Estimate + HalfWidth(effect),
            "cohens.d" => effect.Estimate / Math.Sqrt(_randomVariance + _sigma2),
            var size => TestEffectSize.Value(size, effect.T * effect.T, effect.Df, effect.T),
        };

    private static double Value(in FixedTest test, MixedColumn column) =>
        column.Statistic switch
        {
            "F.statistic" => test.F,
            "F.df1" => test.Numerator,
            "F.df2" => test.Denominator,
            "F.p.value" when column.NegativeLog10 => -FisherF.UpperLogP(test.F, test.Numerator, test.Denominator) / ReproducibleMath.LnTen,
            "F.p.value" => FisherF.UpperP(test.F, test.Numerator, test.Denominator),
            var size => TestEffectSize.Value(size[2..], test.F * test.Numerator, test.Denominator, 1),
        };

    private double HalfWidth(in FixedEffect effect) =>
        StudentTQuantile.TwoSided(1 - (_options.ConfLevel ?? double.NaN), effect.Df) * effect.StandardError;

    private double Random(MixedColumn column)
    {
        if (column.Statistic == MixedColumns.ResidualDeviation)
            return Math.Sqrt(_sigma2);
        if (column.Statistic == MixedColumns.GroupCount)
            return _fit.Tables.FactorLevels[column.Index];
        var (term, first, second) = _engine.Random.Columns[column.Index];
        var effects = _structure.Terms[term].Effects;
        var a = _restored[term].AsSpan(first * effects, effects);
        var b = _restored[term].AsSpan(second * effects, effects);
        var (squareA, squareB) = (FixedOrder.Dot(a, a), FixedOrder.Dot(b, b));
        return first == second ? Math.Sqrt(_sigma2 * squareA) : Math.Clamp(FixedOrder.Dot(a, b) / Math.Sqrt(squareA * squareB), -1, 1);
    }

    private double Model(string statistic)
    {
        var (criterion, rows) = (_fit.Criterion, _fit.Tables.Rows);
        var parameters = _fit.Tables.Rank + _gradient.Length;
        var total = _fixedVariance + _randomVariance + _sigma2;
        return statistic switch
        {
            "logLik" => -criterion / 2,
            "AIC" => criterion + (2 * parameters),
            "BIC" => criterion + (ReproducibleMath.Log(rows) * parameters),
            "REMLcrit" or "deviance" => criterion,
            "sigma" => Math.Sqrt(_sigma2),
            "icc" => _randomVariance / (_randomVariance + _sigma2),
            "r2.marginal" => _fixedVariance / total,
            "r2.conditional" => (_fixedVariance + _randomVariance) / total,
            "singular" => _isSingular ? 1 : 0,
            "nobs" => rows,
            _ => throw new ArgumentException($"lmm has no statistic '{statistic}' of the model.", nameof(statistic)),
        };
    }

    /// <summary>An estimate with its standard error and degrees of freedom; NaN if aliased.</summary>
    private readonly record struct FixedEffect(double Estimate, double StandardError, double Df)
    {
        public double T => Estimate / StandardError;
    }

    /// <summary>An F test; NaN if it is not estimated.</summary>
    private readonly record struct FixedTest(double F, double Numerator, double Denominator);
}
