using HpcFit.Shared.Specs;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Structured;

namespace HpcFit.Worker.Summaries;

/// <summary>
/// Formats a mixed model with several random terms or slopes at one element as package lmerTest's summary of an lmer, without quantiles.
/// </summary>
internal static class StructuredSummary
{
    private const int Digits = 4;

    /// <summary>The summary, as lines of text.</summary>
    /// <param name="engine">The model, with full outputs.</param>
    /// <param name="model">The model as requested.</param>
    /// <param name="results">The element's partial columns.</param>
    public static IEnumerable<string> Lines(StructuredEngine engine, ModelSpec model, double[] results)
    {
        var columns = engine.Columns.Partial.ToList();
        foreach (var line in MixedSummaryHead.Lines(engine.Design, engine.Options, model.Weights, General))
            yield return line;
        yield return "";
        yield return "Random effects:";
        var residual = Value(engine.Columns.Partial.First(column => column.Statistic == MixedColumns.ResidualDeviation));
        foreach (
            var line in Variances(engine, index => Value(new(MixedSubject.Random, index, engine.Random.Names[index].Statistic)), residual)
        )
            yield return line;
        var counts = engine.Structure.Factors.Select(
            (factor, f) => $"{factor.Name}, {Value(new(MixedSubject.Random, f, MixedColumns.GroupCount)):F0}"
        );
        yield return $"Number of obs: {Model("nobs"):F0}, groups:  {string.Join("; ", counts)}";
        yield return "";
        yield return "Fixed effects:";
        var table = new StatisticsTable(["Estimate", "Std. Error", "df", "t value", "Pr(>|t|)"], formattedTogether: 2);
        for (var c = 0; c < engine.Design.ColumnNames.Count; c++)
            table.Add(
                engine.Design.ColumnNames[c],
                [.. MixedColumns.TermStatistics.Select(statistic => Value(new(MixedSubject.Coefficient, c, statistic)))]
            );
        foreach (var line in table.Lines())
            yield return line;
        yield return "";
        var coefficients = engine.Design.ColumnNames.Count;
        var contrasts = engine.Hypotheses.Count(one => one.Kind == HypothesisKind.T);
        foreach (
            var line in HypothesisTables.LinesWithEffectSizes(
                engine.Hypotheses,
                OfHypothesis,
                engine.Design.ColumnNames,
                (c, statistic) => Value(new(MixedSubject.Coefficient, c, statistic)),
                haveDegrees: true
            )
        )
            yield return line;
        yield return $"ICC: {General("icc")}, marginal R-squared: {General("r2.marginal")}, "
            + $"conditional R-squared: {General("r2.conditional")}";
        if (Model("singular") > 0)
            yield return "The fit is singular: a variance of random effects is estimated as 0, or a correlation as 1 or -1.";

        string General(string statistic) => StatisticText.General(Model(statistic), Digits);
        double Model(string statistic) => Value(new(MixedSubject.Model, 0, statistic));
        double OfHypothesis(int h, string statistic) =>
            Value(
                h < contrasts
                    ? new(MixedSubject.Coefficient, coefficients + h, statistic)
                    : new(MixedSubject.Test, h - contrasts, statistic)
            );
        double Value(MixedColumn column) => columns.IndexOf(column) is var place and >= 0 ? results[place] : double.NaN;
    }

    /// <summary>The table of variances and correlations.</summary>
    private static IEnumerable<string> Variances(StructuredEngine engine, Func<int, double> random, double residual)
    {
        var table = new RandomEffectsTable();
        for (var t = 0; t < engine.Structure.Terms.Count; t++)
        {
            var term = engine.Structure.Terms[t];
            for (var e = 0; e < term.Effects; e++)
                table.Add(
                    e == 0 ? term.Term.Group : "",
                    term.EffectNames[e],
                    random(engine.Random.IndexOf(new(t, e, e))),
                    Enumerable.Range(0, e).Select(earlier => random(engine.Random.IndexOf(new(t, earlier, e))))
                );
        }
        table.Add("Residual", "", residual, []);
        return table.Lines();
    }
}
