using HpcFit.Shared.Specs;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats a linear model's fit at one element as R's summary of an lm.</summary>
internal static class LinearSummary
{
    private const int Digits = 4;

    /// <summary>Up to this number of residual degrees of freedom, each residual is printed.</summary>
    private const int FewDegrees = 5;

    private const int LineWidth = 80;
    private static readonly string[] Quantiles = ["Min", "1Q", "Median", "3Q", "Max"];

    /// <summary>The summary, as lines of text.</summary>
    /// <param name="engine">The model, with full outputs.</param>
    /// <param name="model">The model as requested.</param>
    /// <param name="block">The element.</param>
    /// <param name="results">Its partial columns.</param>
    public static IEnumerable<string> Lines(LinearEngine engine, ModelSpec model, ScalarBlock block, double[] results)
    {
        var (design, weights, columns) = (engine.Design, model.Weights, engine.Columns.Partial.ToList());
        var residualDegrees = Model("df.residual");
        var estimates = design.ColumnNames.Select((_, c) => Of(c, "estimate")).ToList();
        var residuals = Residuals(engine, block, estimates);

        yield return "";
        yield return "Call:";
        yield return $"lm(formula = {design.Formula.Deparsed}, data = phenotypes"
            + (design.Subset.Condition is { } subset ? $", subset = {subset}" : "")
            + $"{(weights is null ? "" : $", weights = {weights}")})";
        yield return "";
        yield return weights is not null ? "Weighted Residuals:" : "Residuals:";
        foreach (
            var line in residualDegrees > FewDegrees ? QuantileLines([.. residuals.Select(one => one.Value).Order()]) : EachLines(residuals)
        )
            yield return line;
        yield return "";

        var aliased = estimates.Count(double.IsNaN);
        yield return aliased == 0 ? "Coefficients:" : $"Coefficients: ({aliased} not defined because of singularities)";
        var table = new StatisticsTable(["Estimate", "Std. Error", "t value", "Pr(>|t|)"], formattedTogether: 2);
        for (var c = 0; c < estimates.Count; c++)
            table.Add(design.ColumnNames[c], [.. LinearColumns.TermStatistics.Select(statistic => Of(c, statistic))]);
        foreach (var line in table.Lines())
            yield return line;
        if (model.Hypotheses?.StandardErrors is { } estimator)
            yield return $"Standard errors: heteroscedasticity-consistent ({estimator})";
        if (model.Hypotheses?.Cluster is { } cluster)
            yield return $"Standard errors: CR2 for clusters of {cluster}; degrees of freedom {StatisticText.General(DegreesFrom(), 3)} to "
                + $"{StatisticText.General(DegreesTo(), 3)}";
        yield return "";
        foreach (
            var line in model.Hypotheses is null
                ? []
                : HypothesisTables.LinesWithEffectSizes(
                    engine.Hypotheses,
                    (h, statistic) => OrMissing(new(LinearSubject.Hypothesis, h, statistic)),
                    design.ColumnNames,
                    (c, statistic) => OrMissing(new(LinearSubject.Coefficient, c, statistic))
                )
        )
            yield return line;

        yield return $"Residual standard error: {StatisticText.General(Model("sigma"), Digits)} on {residualDegrees:F0} degrees of freedom";
        // As in R, a subject for which the condition is missing counts as missing.
        var missing = design.Subset.Rows.Length + design.Subset.Undecided - residuals.Count;
        if (missing > 0)
            yield return $"  ({missing} observation{(missing == 1 ? "" : "s")} deleted due to missingness)";
        if (Model("df") > 0)
        {
            yield return $"Multiple R-squared:  {Padded(Model("r.squared"))},\tAdjusted R-squared:  {Padded(Model("adj.r.squared"))} ";
            yield return $"F-statistic: {Padded(Model("statistic"))} on {Model("df"):F0} and {residualDegrees:F0} DF,  p-value: "
                + $"{PValue(Model("p.value"))}";
        }
        yield return "";

        double DegreesFrom() => estimates.Select((_, c) => Of(c, "df")).Where(double.IsFinite).Min();
        double DegreesTo() => estimates.Select((_, c) => Of(c, "df")).Where(double.IsFinite).Max();
        double Model(string statistic) => Value(new(LinearSubject.Model, 0, statistic));
        double Of(int coefficient, string statistic) => Value(new(LinearSubject.Coefficient, coefficient, statistic));
        double Value(LinearColumn column) => results[columns.IndexOf(column)];
        double OrMissing(LinearColumn column) => columns.IndexOf(column) is var place and >= 0 ? results[place] : double.NaN;
    }

    private static IEnumerable<string> QuantileLines(double[] ascending)
    {
        var texts = StatisticText.Together(
            WithoutNoise([.. Enumerable.Range(0, 5).Select(quarter => Quantile(ascending, quarter / 4.0))]),
            Digits
        );
        var width = Math.Max(6, texts.Max(text => text.Length));
        yield return Row(Quantiles, width);
        yield return Row(texts, width);
    }

    /// <summary>The residuals below their row numbers.</summary>
    private static IEnumerable<string> EachLines(List<(int Row, double Value)> residuals)
    {
        string[] names = [.. residuals.Select(one => $"{one.Row + 1}")],
            texts = StatisticText.Together([.. residuals.Select(one => one.Value)], Digits);
        var width = names.Concat(texts).Max(text => text.Length);
        foreach (var line in names.Zip(texts).Chunk(LineWidth / (width + 1)))
        {
            yield return Row(line.Select(one => one.First), width);
            yield return Row(line.Select(one => one.Second), width);
        }
    }

    private static string Row(IEnumerable<string> cells, int width) => string.Concat(cells.Select(cell => cell.PadLeft(width) + " "));

    /// <summary>√w (y - offset - Xβ) by row of the data; 0 where the weight is 0.</summary>
    private static List<(int Row, double Value)> Residuals(LinearEngine engine, in ScalarBlock block, List<double> estimates)
    {
        var values = new ElementValues(engine.Subjects, engine.Design.ScalarPredictors.Count);
        values.Load(block, 0);
        var response = new double[engine.Subjects];
        engine.Design.TransformResponse(values.Response, values.Predictors, response);
        if (!engine.Design.RebuildsOnRows)
            values.Restrict(response);
        var design = engine.Design.Build(values.Finite, values.Predictors);
        var residuals = new List<(int Row, double Value)>();
        for (var i = 0; i < design.Rows.Length; i++)
        {
            var residual = response[design.Rows[i]] - (design.Offset?[i] ?? 0);
            var weight = design.Weights?[i] ?? 1;
            if (double.IsNaN(residual))
                continue;
            for (var c = 0; c < design.Columns; c++)
                if (!double.IsNaN(estimates[c]))
                    residual -= design.Values[(c * design.Rows.Length) + i] * estimates[c];
            residuals.Add((design.Rows[i], Math.Sqrt(weight) * residual));
        }
        return residuals;
    }

    /// <summary>Type 7 of Hyndman and Fan (1996), R's default.</summary>
    private static double Quantile(double[] ascending, double probability)
    {
        var at = (ascending.Length - 1) * probability;
        var below = (int)Math.Floor(at);
        return below + 1 < ascending.Length
            ? ascending[below] + ((at - below) * (ascending[below + 1] - ascending[below]))
            : ascending[below];
    }

    /// <summary>Numbers rounded to the decimals that are significant relative to the largest.</summary>
    private static double[] WithoutNoise(double[] values)
    {
        var largest = values.Max(Math.Abs);
        var decimals = largest > 0 ? Math.Max(0, Math.Round(Digits + 1 - Math.Log10(largest))) : 0;
        return decimals <= 15 ? [.. values.Select(value => Math.Round(value, (int)decimals))] : values;
    }

    /// <summary>As R's formatC with <see cref="Digits"/> digits.</summary>
    private static string Padded(double value) => StatisticText.General(value, Digits).PadLeft(Digits + 1);

    private static string PValue(double p) => StatisticText.PValues([p], Digits)[0];
}
