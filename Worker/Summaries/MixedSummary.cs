using HpcFit.Shared.Specs;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Results;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats a mixed model's fit at one element as package lmerTest's summary of an lmer, without quantiles.</summary>
internal static class MixedSummary
{
    private const int Digits = 4;

    /// <summary>The summary, as lines of text.</summary>
    /// <param name="engine">The model, with full outputs.</param>
    /// <param name="model">The model as requested.</param>
    /// <param name="results">The element's partial columns.</param>
    public static IEnumerable<string> Lines(MixedEngine engine, ModelSpec model, double[] results)
    {
        var columns = engine.Columns.Partial.ToList();
        foreach (var line in MixedSummaryHead.Lines(engine.Design, engine.Options, model.Weights, General))
            yield return line;
        yield return "";
        yield return "Random effects:";
        var variances = new RandomEffectsTable();
        variances.Add(engine.Random.Name, "(Intercept)", Random(MixedColumns.GroupDeviation), []);
        variances.Add("Residual", "", Random(MixedColumns.ResidualDeviation), []);
        foreach (var line in variances.Lines())
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
