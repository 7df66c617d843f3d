using HpcFit.Shared.Specs;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed;

/// <summary>The statistics of an element's fit. A workspace of one thread.</summary>
/// <remarks>
/// Degrees of freedom by Satterthwaite as in Kuznetsova, Brockhoff, Christensen (2017), J. Stat. Softw. 82(13): 2 v² / (g'Ag), v the
/// variance of an estimate, g its gradient in (θ, σ), and A twice the inverse of the Hessian of -2 log L. R² and icc as Nakagawa, Johnson,
/// Schielzeth (2017), J. R. Soc. Interface 14, 20170213.
/// </remarks>
internal sealed class MixedStatistics
{
    /// <summary>lme4's bound of θ below which a fit is singular.</summary>
    private const double SingularTheta = 1e-4;

    private const double LnTen = 2.3025850929940456840;

    private readonly MixedColumn[] _columns;
    private readonly MixedSpec _options;
    private readonly int[] _placeOf;
    private readonly double[] _direction;
    private readonly double[] _solved;
    private readonly int _coefficients;
    private MixedElement _fit = null!;
    private double _sigma2;
    private double _theta;
    private double _hessianTheta;
    private double _hessianBoth;
    private double _hessianSigma;
    private double _fixedVariance;

    public MixedStatistics(MixedEngine engine)
    {
        _columns = [.. engine.Columns.Partial];
        _options = engine.Options;
        _coefficients = engine.Design.ColumnNames.Count;
        _placeOf = new int[_coefficients];
        _direction = new double[_coefficients];
        _solved = new double[_coefficients];
    }

    /// <summary>Writes all columns of an element.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="values">Receives one value per column.</param>
    public void Write(MixedElement fit, Span<double> values)
    {
        Prepare(fit);
        var (last, effect) = (-1, default(FixedEffect));
        for (var c = 0; c < _columns.Length; c++)
        {
            var column = _columns[c];
            if (column.Subject == MixedSubject.Coefficient && column.Index != last)
                (last, effect) = (column.Index, Effect(column.Index));
            values[c] = column.Subject switch
            {
                MixedSubject.Coefficient => Of(effect, column),
                MixedSubject.Random => Random(column.Statistic),
                _ => Model(column.Statistic),
            };
        }
    }

    private void Prepare(MixedElement fit)
    {
        _fit = fit;
        var (profile, tables) = (fit.Profile, fit.Tables);
        _placeOf.AsSpan().Fill(-1);
        for (var k = 0; k < tables.Rank; k++)
            _placeOf[tables.Pivots[k]] = k;
        _sigma2 = profile.Squares / profile.Degrees;
        _theta = Math.Sqrt(profile.Ratio);
        _hessianTheta = (2 * profile.Slope) + (4 * profile.Ratio * profile.Curvature);
        _hessianBoth = -4 * _theta * profile.SquaresSlope / (_sigma2 * Math.Sqrt(_sigma2));
        _hessianSigma = 4 * profile.Degrees / _sigma2;
        _fixedVariance = 0;
        for (var a = 0; a < tables.Rank; a++)
        for (var b = 0; b < tables.Rank; b++)
            _fixedVariance += fit.Coordinates[a] * tables.Covariance[(a * tables.Rank) + b] * fit.Coordinates[b];
    }

    private FixedEffect Effect(int coefficient)
    {
        var place = _placeOf[coefficient];
        if (place < 0)
            return new(double.NaN, double.NaN, double.NaN);
        var (profile, tables, rank) = (_fit.Profile, _fit.Tables, _fit.Tables.Rank);
        var direction = _direction.AsSpan(0, rank);
        var solved = _solved.AsSpan(0, rank);
        tables.InverseR.AsSpan(place * rank, rank).CopyTo(direction);
        direction.CopyTo(solved);
        var variance = Cholesky.SolveLower(profile.Factor, rank, solved);
        Cholesky.SolveUpper(profile.Factor, rank, solved);
        double estimate = 0,
            slope = 0;
        for (var a = 0; a < rank; a++)
        {
            estimate += direction[a] * _fit.Coordinates[a];
            var product = 0.0;
            for (var b = 0; b < rank; b++)
                product += profile.InformationSlope[(a * rank) + b] * solved[b];
            slope -= solved[a] * product;
        }
        return new(estimate, Math.Sqrt(_sigma2 * variance), DegreesOfFreedom(variance, slope));
    }

    private double DegreesOfFreedom(double variance, double slope)
    {
        if (_options.Df == MixedSpec.Residual)
            return _fit.Tables.Rows - _fit.Tables.Rank;
        if (_theta == 0)
            return _fit.Profile.Degrees;
        var determinant = (_hessianTheta * _hessianSigma) - (_hessianBoth * _hessianBoth);
        if (!(determinant > 0))
            return double.NaN;
        var (byTheta, bySigma) = (2 * _theta * _sigma2 * slope, 2 * Math.Sqrt(_sigma2) * variance);
        var quadratic =
            2
            * ((byTheta * byTheta * _hessianSigma) - (2 * byTheta * bySigma * _hessianBoth) + (bySigma * bySigma * _hessianTheta))
            / determinant;
        return 2 * (_sigma2 * variance) * (_sigma2 * variance) / quadratic;
    }

    private double Of(in FixedEffect effect, MixedColumn column) =>
        column.Statistic switch
        {
            "estimate" => effect.Estimate,
            "std.error" => effect.StandardError,
            "df" => effect.Df,
            "statistic" => effect.T,
            "p.value" when column.NegativeLog10 => -StudentT.TwoSidedLogP(effect.T, effect.Df) / LnTen,
            "p.value" => StudentT.TwoSidedP(effect.T, effect.Df),
            "conf.low" => effect.Estimate - HalfWidth(effect),
            "conf.high" => effect.Estimate + HalfWidth(effect),
            _ => throw new ArgumentException($"lmm has no statistic '{column.Statistic}' of fixed effects.", nameof(column)),
        };

    private double HalfWidth(in FixedEffect effect) =>
        StudentTQuantile.TwoSided(1 - (_options.ConfLevel ?? double.NaN), effect.Df) * effect.StandardError;

    private double Random(string statistic) =>
        statistic switch
        {
            MixedColumns.GroupDeviation => _theta * Math.Sqrt(_sigma2),
            MixedColumns.ResidualDeviation => Math.Sqrt(_sigma2),
            _ => _fit.Tables.Groups,
        };

    private double Model(string statistic)
    {
        var (criterion, rows) = (_fit.Profile.Criterion, _fit.Tables.Rows);
        var parameters = _fit.Tables.Rank + 2;
        var between = _fit.Profile.Ratio * _sigma2;
        return statistic switch
        {
            "logLik" => -criterion / 2,
            "AIC" => criterion + (2 * parameters),
            "BIC" => criterion + (ReproducibleMath.Log(rows) * parameters),
            "REMLcrit" or "deviance" => criterion,
            "sigma" => Math.Sqrt(_sigma2),
            "icc" => between / (between + _sigma2),
            "r2.marginal" => _fixedVariance / (_fixedVariance + between + _sigma2),
            "r2.conditional" => (_fixedVariance + between) / (_fixedVariance + between + _sigma2),
            "singular" => _theta < SingularTheta ? 1 : 0,
            "nobs" => rows,
            _ => throw new ArgumentException($"lmm has no statistic '{statistic}' of the model.", nameof(statistic)),
        };
    }

    /// <summary>An estimate with its standard error and degrees of freedom; NaN if aliased.</summary>
    private readonly record struct FixedEffect(double Estimate, double StandardError, double Df)
    {
        public double T => Estimate / StandardError;
    }
}
