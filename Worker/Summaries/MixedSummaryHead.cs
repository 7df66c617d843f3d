using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Summaries;

/// <summary>The head of the summary of a mixed model: how it is fitted, its formula, the criteria.</summary>
internal static class MixedSummaryHead
{
    /// <summary>The method of the degrees of freedom in words.</summary>
    public static string Method(string df) =>
        df switch
        {
            MixedSpec.Residual => "residual degrees of freedom",
            MixedSpec.KenwardRoger => "Kenward-Roger's method",
            MixedSpec.Normal => "the normal distribution",
            _ => "Satterthwaite's method",
        };

    /// <summary>The head, as lines of text.</summary>
    /// <param name="design">The fixed effects.</param>
    /// <param name="options">The arguments of the model.</param>
    /// <param name="weights">The weights as requested; null: none.</param>
    /// <param name="general">A statistic of the model as text.</param>
    public static IEnumerable<string> Lines(ModelDesign design, MixedSpec options, string? weights, Func<string, string> general)
    {
        yield return "";
        yield return $"Linear mixed model fit by {(options.Ml ? "maximum likelihood " : "REML")}. t-tests use {Method(options.Df)}";
        yield return $"Formula: {design.Formula.Deparsed}";
        if (weights is not null)
            yield return $"Weights: {weights}";
        yield return "";
        yield return options.Ml
            ? $"AIC {general("AIC")}, BIC {general("BIC")}, logLik {general("logLik")}, deviance {general("deviance")}"
            : $"REML criterion at convergence: {general("REMLcrit")}";
    }
}
