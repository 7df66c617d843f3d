using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Mixed;

/// <summary>The columns of a block of fitted elements. A workspace of one thread.</summary>
/// <remarks>R² and icc as Nakagawa, Johnson, Schielzeth (2017), J. R. Soc. Interface 14, 20170213.</remarks>
internal sealed class MixedStatistics(MixedEngine engine)
{
    /// <summary>lme4's bound of θ below which a fit is singular.</summary>
    private const double SingularTheta = 1e-4;

    private const double Ln2 = 0.69314718055994530942;
    private const double LnTen = 2.3025850929940456840;

    private readonly MixedColumn[] _columns = [.. engine.Columns.Partial];
    private readonly MixedSpec _options = engine.Options;
    private double _degrees = double.NaN;
    private double _quantile = double.NaN;

    /// <summary>Writes all columns.</summary>
    public void Write(MixedFits fits, in ResultBlock results)
    {
        for (var c = 0; c < _columns.Length; c++)
        {
            var column = _columns[c];
            var target = results.Column(c);
            if (column.Subject == MixedSubject.Coefficient)
                Effect(fits, column, target);
            else if (column.Subject == MixedSubject.Test)
                Test(fits, column, target);
            else
                for (var e = 0; e < target.Length; e++)
                    target[e] = column.Subject == MixedSubject.Random ? Random(fits, e, column) : Model(fits, e, column.Statistic);
        }
    }

    private void Effect(MixedFits fits, MixedColumn column, Span<double> target)
    {
        var estimates = fits.Estimates(column.Index);
        var errors = fits.StandardErrors(column.Index);
        var degrees = fits.Degrees(column.Index);
        switch (column.Statistic)
        {
            case "estimate":
                estimates.CopyTo(target);
                break;
            case "std.error":
                errors.CopyTo(target);
                break;
            case "df":
                degrees.CopyTo(target);
                break;
            case "statistic":
                Divide(estimates, errors, target);
                break;
            case "p.value" when column.NegativeLog10:
                Divide(estimates, errors, target);
                for (var e = 0; e < target.Length; e++)
                    target[e] = -StudentT.TwoSidedLogP(target[e], degrees[e]) / LnTen;
                break;
            case "p.value":
                Divide(estimates, errors, target);
                VaryingStudentT.TwoSidedP(target, degrees, target);
                break;
            case "conf.low" or "conf.high":
                var side = column.Statistic == "conf.low" ? -1 : 1;
                for (var e = 0; e < target.Length; e++)
                    target[e] = estimates[e] + (side * HalfWidth(errors[e], degrees[e]));
                break;
            case "cohens.d":
                for (var e = 0; e < target.Length; e++)
                    target[e] = estimates[e] / Math.Sqrt((1 + fits.Ratio[e]) * fits.Variance[e]);
                break;
            default:
                Divide(estimates, errors, target);
                for (var e = 0; e < target.Length; e++)
                    target[e] = TestEffectSize.Value(column.Statistic, target[e] * target[e], degrees[e], target[e]);
                break;
        }
    }

    private static void Test(MixedFits fits, MixedColumn column, Span<double> target)
    {
        var f = fits.F(column.Index);
        var numerators = fits.Numerators(column.Index);
        var denominators = fits.Denominators(column.Index);
        for (var e = 0; e < target.Length; e++)
            target[e] = column.Statistic switch
            {
                "F.statistic" => f[e],
                "F.df1" => numerators[e],
                "F.df2" => denominators[e],
                "F.p.value" when column.NegativeLog10 => -FisherF.UpperLogP(f[e], numerators[e], denominators[e]) / LnTen,
                "F.p.value" => FisherF.UpperP(f[e], numerators[e], denominators[e]),
                _ => TestEffectSize.Value(column.Statistic[2..], f[e] * numerators[e], denominators[e], 1),
            };
    }

    private static void Divide(ReadOnlySpan<double> estimates, ReadOnlySpan<double> errors, Span<double> t)
    {
        for (var e = 0; e < t.Length; e++)
            t[e] = estimates[e] / errors[e];
    }

    private double HalfWidth(double error, double degrees) => Quantile(degrees) * error;

    /// <summary>Many elements have the same degrees of freedom: those of residuals, or of singular fits.</summary>
    private double Quantile(double degrees)
    {
        if (degrees != _degrees)
            (_degrees, _quantile) = (degrees, StudentTQuantile.TwoSided(1 - (_options.ConfLevel ?? double.NaN), degrees));
        return _quantile;
    }

    private double Random(MixedFits fits, int e, MixedColumn column) =>
        column.Statistic switch
        {
            MixedColumns.GroupDeviation => Math.Sqrt(fits.Ratio[e]) * Math.Sqrt(fits.Variance[e]),
            MixedColumns.ResidualDeviation => Math.Sqrt(fits.Variance[e]),
            MixedColumns.LikelihoodRatio => fits.LikelihoodRatio[e],
            MixedColumns.LikelihoodRatioP when _options.TestRandom == MixedSpec.Exact => column.NegativeLog10
                ? -ReproducibleMath.Log(fits.SimulatedP[e]) / LnTen
                : fits.SimulatedP[e],
            MixedColumns.LikelihoodRatioP when column.NegativeLog10 => -LogMixture(fits.LikelihoodRatio[e]) / LnTen,
            MixedColumns.LikelihoodRatioP => ReproducibleMath.Exp(LogMixture(fits.LikelihoodRatio[e])),
            _ => fits.Groups[e],
        };

    /// <summary>
    /// ln P(X > x), X with equal probability 0 or chi-square with one degree of freedom (Self and Liang 1987, J. Am. Stat. Assoc. 82).
    /// </summary>
    private static double LogMixture(double x) =>
        x > 0 ? StudentT.TwoSidedLogP(Math.Sqrt(x), double.PositiveInfinity) - Ln2
        : double.IsNaN(x) ? double.NaN
        : 0;

    private static double Model(MixedFits fits, int e, string statistic)
    {
        var (criterion, rows, residual) = (fits.Criterion[e], fits.Rows[e], fits.Variance[e]);
        var parameters = fits.Rank[e] + 2;
        var between = fits.Ratio[e] * residual;
        var explained = fits.FixedVariance[e];
        return statistic switch
        {
            "logLik" => -criterion / 2,
            "AIC" => criterion + (2 * parameters),
            "BIC" => criterion + (ReproducibleMath.Log(rows) * parameters),
            "REMLcrit" or "deviance" => criterion,
            "sigma" => Math.Sqrt(residual),
            "icc" => between / (between + residual),
            "r2.marginal" => explained / (explained + between + residual),
            "r2.conditional" => (explained + between) / (explained + between + residual),
            "singular" => double.IsNaN(residual) ? double.NaN
            : Math.Sqrt(fits.Ratio[e]) < SingularTheta ? 1
            : 0,
            "nobs" => rows,
            _ => throw new ArgumentException($"lmm has no statistic '{statistic}' of the model.", nameof(statistic)),
        };
    }
}
