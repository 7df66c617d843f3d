using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Generalized;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Confidence limits and effect sizes of parametric coefficients, contrasts and F tests of an additive model, by the t of its tests: with
/// the residual degrees of freedom, or z for a known scale. Of families other than the normal one, exp of estimate and limits where that is
/// a ratio of odds or means. NaN for a coefficient that was dropped, whose standard error is 0. A workspace; not thread-safe.
/// </summary>
/// <param name="level">The coverage of the limits; NaN: none are computed.</param>
internal sealed class ParametricEffects(double level)
{
    private static readonly string[] Ratios = ["exp.estimate", "exp.conf.low", "exp.conf.high"];

    private double _degrees = double.NaN;
    private double _quantile;

    /// <summary>The names of the limits.</summary>
    public static IReadOnlyList<string> Limits { get; } = ["conf.low", "conf.high"];

    /// <summary>The coverage of the limits that a gam requests; NaN: none.</summary>
    public static double LevelOf(ModelSpec spec) => spec.Hypotheses is { EffectSizes: true, ConfLevel: var level } ? level : double.NaN;

    /// <summary>The effect sizes of a coefficient or contrast.</summary>
    /// <param name="family">The family; null: the normal one.</param>
    /// <param name="isLevelDifference">Whether it is the difference between two levels of a factor.</param>
    public static IReadOnlyList<string> SizesOf(GamFamily? family, bool isLevelDifference) =>
        family is not null
            ? family.Link.Name is "log" or "logit"
                ? Ratios
                : []
            : isLevelDifference
                ? [.. TestEffectSize.OfT, "cohens.d"]
                : TestEffectSize.OfT;

    /// <summary>The effect sizes of an F test; none of tests by chi-square.</summary>
    /// <param name="family">The family; null: the normal one.</param>
    public static IReadOnlyList<string> SizesOfTest(GamFamily? family) => family is null ? TestEffectSize.OfF : [];

    /// <summary>A limit or effect size.</summary>
    /// <param name="statistic">Its name.</param>
    /// <param name="estimate">The estimate.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="degrees">The residual degrees of freedom; infinite for a known scale.</param>
    /// <param name="deviation">The standard deviation that Cohen's d is relative to.</param>
    public double Value(string statistic, double estimate, double error, double degrees, double deviation)
    {
        if (!(error > 0))
            return double.NaN;
        return statistic switch
        {
            "conf.low" => estimate - (error * Quantile(degrees)),
            "conf.high" => estimate + (error * Quantile(degrees)),
            "exp.estimate" => ReproducibleMath.Exp(estimate),
            "exp.conf.low" => ReproducibleMath.Exp(estimate - (error * Quantile(degrees))),
            "exp.conf.high" => ReproducibleMath.Exp(estimate + (error * Quantile(degrees))),
            "cohens.d" => estimate / deviation,
            _ => TestEffectSize.Value(statistic, estimate / error * (estimate / error), degrees, estimate),
        };
    }

    /// <summary>All coefficients of an element have the same degrees of freedom.</summary>
    private double Quantile(double degrees)
    {
        if (degrees != _degrees)
            (_degrees, _quantile) = (degrees, StudentTQuantile.TwoSided(1 - level, degrees));
        return _quantile;
    }
}
