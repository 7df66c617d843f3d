using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.Results;

namespace HpcFit.Worker.Mixed;

/// <summary>The columns of a block of fitted elements. A workspace of one thread.</summary>
/// <remarks>R² and icc as Nakagawa, Johnson, Schielzeth (2017), J. R. Soc. Interface 14, 20170213.</remarks>
internal sealed class MixedStatistics(MixedEngine engine)
{
    /// <summary>lme4's bound of θ below which a fit is singular.</summary>
    private const double SingularTheta = 1e-4;

    private const double Ln2 = 0.69314718055994530942;

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
            else if (column.Subject == MixedSubject.Random)
                Random(fits, column, target);
            else
                Model(fits, column.Statistic, target);
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
                    target[e] = -StudentT.TwoSidedLogP(target[e], degrees[e]) / ReproducibleMath.LnTen;
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
                "F.p.value" when column.NegativeLog10 => -FisherF.UpperLogP(f[e], numerators[e], denominators[e]) / ReproducibleMath.LnTen,
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

    private void Random(MixedFits fits, MixedColumn column, Span<double> target)
    {
        var isSimulated = _options.TestRandom == MixedSpec.Exact;
        switch (column.Statistic)
        {
            case MixedColumns.GroupDeviation:
                for (var e = 0; e < target.Length; e++)
                    target[e] = Math.Sqrt(fits.Ratio[e]) * Math.Sqrt(fits.Variance[e]);
                break;
            case MixedColumns.ResidualDeviation:
                for (var e = 0; e < target.Length; e++)
                    target[e] = Math.Sqrt(fits.Variance[e]);
                break;
            case MixedColumns.LikelihoodRatio:
                fits.LikelihoodRatio.AsSpan(0, target.Length).CopyTo(target);
                break;
            case MixedColumns.LikelihoodRatioP:
                for (var e = 0; e < target.Length; e++)
                    target[e] =
                        isSimulated
                            ? (
                                column.NegativeLog10
                                    ? -ReproducibleMath.Log(fits.SimulatedP[e]) / ReproducibleMath.LnTen
                                    : fits.SimulatedP[e]
                            )
                        : column.NegativeLog10 ? -LogMixture(fits.LikelihoodRatio[e]) / ReproducibleMath.LnTen
                        : ReproducibleMath.Exp(LogMixture(fits.LikelihoodRatio[e]));
                break;
            default:
                fits.Groups.AsSpan(0, target.Length).CopyTo(target);
                break;
        }
    }

    /// <summary>
    /// ln P(X > x), X with equal probability 0 or chi-square with one degree of freedom (Self and Liang 1987, J. Am. Stat. Assoc. 82).
    /// </summary>
    private static double LogMixture(double x) =>
        x > 0 ? StudentT.TwoSidedLogP(Math.Sqrt(x), double.PositiveInfinity) - Ln2
        : double.IsNaN(x) ? double.NaN
        : 0;

    private static void Model(MixedFits fits, string statistic, Span<double> target)
    {
        Func<MixedFits, int, double> value = statistic switch
        {
            "logLik" => static (fits, e) => -fits.Criterion[e] / 2,
            "AIC" => static (fits, e) => fits.Criterion[e] + (2 * (fits.Rank[e] + 2)),
            "BIC" => static (fits, e) => fits.Criterion[e] + (ReproducibleMath.Log(fits.Rows[e]) * (fits.Rank[e] + 2)),
            "REMLcrit" or "deviance" => static (fits, e) => fits.Criterion[e],
            "sigma" => static (fits, e) => Math.Sqrt(fits.Variance[e]),
            "icc" => static (fits, e) => Between(fits, e) / (Between(fits, e) + fits.Variance[e]),
            "r2.marginal" => static (fits, e) => fits.FixedVariance[e] / All(fits, e),
            "r2.conditional" => static (fits, e) => (fits.FixedVariance[e] + Between(fits, e)) / All(fits, e),
            "singular" => static (fits, e) =>
                double.IsNaN(fits.Variance[e]) ? double.NaN
                : Math.Sqrt(fits.Ratio[e]) < SingularTheta ? 1
                : 0,
            "nobs" => static (fits, e) => fits.Rows[e],
            _ => throw new ArgumentException($"lmm has no statistic '{statistic}' of the model.", nameof(statistic)),
        };
        for (var e = 0; e < target.Length; e++)
            target[e] = value(fits, e);
    }

    private static double Between(MixedFits fits, int e) => fits.Ratio[e] * fits.Variance[e];

    private static double All(MixedFits fits, int e) => fits.FixedVariance[e] + Between(fits, e) + fits.Variance[e];
}
