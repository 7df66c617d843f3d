using HpcFit.Shared.Specs;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Results;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats a mixed model's fit at one element as package lmerTest's summary of an lmer, without quantiles.</summary>
internal static class MixedSummary
{
    private const int Digits = 4;

    /// <summary>The method of the degrees of freedom in words.</summary>
    public static string Method(string df) =>
        df switch
        {
            MixedSpec.Residual => "residual degrees of freedom",
            MixedSpec.KenwardRoger => "Kenward-Roger's method",
            MixedSpec.Normal => "the normal distribution",
            _ => "Satterthwaite's method",
        };

    /// <summary>The summary, as lines of text.</summary>
    /// <param name="engine">The model, with full outputs.</param>
    /// <param name="model">The model as requested.</param>
    /// <param name="results">The element's partial columns.</param>
    public static IEnumerable<string> Lines(MixedEngine engine, ModelSpec model, double[] results)
    {
        var columns = engine.Columns.Partial.ToList();
        var isMl = engine.Options.Ml;
        yield return "";
        yield return $"Linear mixed model fit by {(isMl ? "maximum likelihood " : "REML")}. t-tests use " + Method(engine.Options.Df);
        yield return $"Formula: {engine.Design.Formula.Deparsed}";
        if (model.Weights is { } weights)
            yield return $"Weights: {weights}";
        yield return "";
        yield return isMl
            ? $"AIC {General("AIC")}, BIC {General("BIC")}, logLik {General("logLik")}, deviance {General("deviance")}"
            : $"REML criterion at convergence: {General("REMLcrit")}";
        yield return "";
        yield return "Random effects:";
        foreach (var line in Variances())
            yield return line;
        yield return $"Number of obs: {Model("nobs"):F0}, groups:  {engine.Random.Name}, {Random(MixedColumns.GroupCount):F0}";
        yield return "";
        yield return "Fixed effects:";
        var table = new StatisticsTable(["Estimate", "Std. Error", "df", "t value", "Pr(>|t|)"], formattedTogether: 2);
        for (var c = 0; c < engine.Design.ColumnNames.Count; c++)
            table.Add(engine.Design.ColumnNames[c], [.. MixedColumns.TermStatistics.Select(statistic => Effect(c, statistic))]);
        foreach (var line in table.Lines())
            yield return line;
        yield return "";
        foreach (
            var line in HypothesisTables.LinesWithEffectSizes(
                engine.Hypotheses,
                OfHypothesis,
                engine.Design.ColumnNames,
                Effect,
                haveDegrees: true
            )
        )
            yield return line;
        yield return $"ICC: {General("icc")}, marginal R-squared: {General("r2.marginal")}, "
            + $"conditional R-squared: {General("r2.conditional")}";
        if (engine.Options.TestRandom is { } tested)
            yield return "Likelihood ratio test of the random intercept: "
                + StatisticText.General(Random(MixedColumns.LikelihoodRatio), Digits)
                + $", p {(tested == MixedSpec.Exact ? "by simulation" : "of the mixture of chi-squares")} "
                + StatisticText.General(Random(MixedColumns.LikelihoodRatioP), Digits);
        if (Model("singular") > 0)
            yield return "The fit is singular: the variance between groups is estimated as 0.";

        IEnumerable<string> Variances()
        {
            double[] deviations = [Random(MixedColumns.GroupDeviation), Random(MixedColumns.ResidualDeviation)];
            var variances = StatisticText.Together([.. deviations.Select(one => one * one)], Digits);
            var roots = StatisticText.Together(deviations, Digits);
            string[] groups = [engine.Random.Name, "Residual"];
            string[] names = ["(Intercept)", ""];
            var (width, wide) = (groups.Max(text => text.Length), Math.Max(8, variances.Max(text => text.Length)));
            var last = Math.Max(8, roots.Max(text => text.Length));
            yield return $" {"Groups".PadRight(width)} {"Name", -11} {"Variance".PadRight(wide)} {"Std.Dev.".PadRight(last)}";
            for (var i = 0; i < groups.Length; i++)
                yield return $" {groups[i].PadRight(width)} {names[i], -11} {variances[i].PadRight(wide)} {roots[i].PadRight(last)}";
        }

        double OfHypothesis(int h, string statistic) =>
            engine.Hypotheses[h].Kind == HypothesisKind.T
                ? Effect(engine.Design.ColumnNames.Count + h, statistic)
                : Value(new(MixedSubject.Test, h - (engine.Hypotheses.Count - engine.TestCount), statistic));
        string General(string statistic) => StatisticText.General(Model(statistic), Digits);
        double Effect(int coefficient, string statistic) => Value(new(MixedSubject.Coefficient, coefficient, statistic));
        double Random(string statistic) => Value(new(MixedSubject.Random, 0, statistic));
        double Model(string statistic) => Value(new(MixedSubject.Model, 0, statistic));
        double Value(MixedColumn column) => columns.IndexOf(column) is var place and >= 0 ? results[place] : double.NaN;
    }
}
