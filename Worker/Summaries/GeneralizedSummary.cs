using HpcFit.Shared.Specs;
using HpcFit.Worker.Generalized;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats a generalised linear model's fit at one element as R's summary of a glm.</summary>
internal static class GeneralizedSummary
{
    /// <summary>The digits of deviances, as R prints them.</summary>
    private const int Digits = 5;

    /// <summary>The summary, as lines of text.</summary>
    /// <param name="engine">The model, with full outputs.</param>
    /// <param name="model">The model as requested.</param>
    /// <param name="results">The element's partial columns.</param>
    public static IEnumerable<string> Lines(GeneralizedEngine engine, ModelSpec model, double[] results)
    {
        var (design, columns) = (engine.Design, engine.Columns.Partial.ToList());
        var estimates = design.ColumnNames.Select((_, c) => Of(c, "estimate")).ToList();
        yield return "";
        yield return "Call:";
        yield return $"glm(formula = {design.Formula.Deparsed}, family = {engine.Family.Name}(link = \"{engine.Family.Link}\"), "
            + "data = phenotypes"
            + (design.Subset.Condition is { } subset ? $", subset = {subset}" : "")
            + $"{(model.Weights is { } weights ? $", weights = {weights}" : "")})";
        yield return "";

        var aliased = estimates.Count(double.IsNaN);
        yield return aliased == 0 ? "Coefficients:" : $"Coefficients: ({aliased} not defined because of singularities)";
        var letter = engine.HasKnownDispersion ? "z" : "t";
        var table = new StatisticsTable(["Estimate", "Std. Error", $"{letter} value", $"Pr(>|{letter}|)"], formattedTogether: 2);
        for (var c = 0; c < estimates.Count; c++)
            table.Add(design.ColumnNames[c], [.. GeneralizedColumns.TermStatistics.Select(statistic => Of(c, statistic))]);
        foreach (var line in table.Lines())
            yield return line;
        yield return "";
        yield return $"(Dispersion parameter for {engine.Family.Name} family taken to be "
            + $"{(engine.HasKnownDispersion ? "1" : StatisticText.General(Model("dispersion"), 7))})";
        yield return "";
        foreach (
            var line in model.Hypotheses is null
                ? []
                : HypothesisTables.LinesWithEffectSizes(
                    engine.Hypotheses,
                    (h, statistic) => OrMissing(new(GeneralizedSubject.Hypothesis, h, statistic)),
                    design.ColumnNames,
                    (c, statistic) => OrMissing(new(GeneralizedSubject.Coefficient, c, statistic)),
                    engine.HasKnownDispersion
                )
        )
            yield return line;

        string[] deviances = [StatisticText.General(Model("null.deviance"), Digits), StatisticText.General(Model("deviance"), Digits)];
        string[] degrees = [$"{Model("df.null"):F0}", $"{Model("df.residual"):F0}"];
        var (width, wide) = (deviances.Max(text => text.Length), degrees.Max(text => text.Length));
        yield return $"    Null deviance: {deviances[0].PadLeft(width)}  on {degrees[0].PadLeft(wide)}  degrees of freedom";
        yield return $"Residual deviance: {deviances[1].PadLeft(width)}  on {degrees[1].PadLeft(wide)}  degrees of freedom";
        var missing = design.Subset.Rows.Length + design.Subset.Undecided - (int)Model("nobs");
        if (missing > 0)
            yield return $"  ({missing} observation{(missing == 1 ? "" : "s")} deleted due to missingness)";
        yield return $"AIC: {StatisticText.General(Model("AIC"), Digits)}";
        if (engine.Family.Name == FamilySpec.NegativeBinomial)
        {
            yield return "";
            yield return $"              Theta: {StatisticText.General(Model("theta"), Digits)}";
            yield return $"          Std. Err.: {StatisticText.General(Model("theta.std.error"), Digits)}";
        }
        yield return "";

        double Model(string statistic) => Value(new(GeneralizedSubject.Model, 0, statistic));
        double Of(int coefficient, string statistic) => Value(new(GeneralizedSubject.Coefficient, coefficient, statistic));
        double Value(GeneralizedColumn column) => results[columns.IndexOf(column)];
        double OrMissing(GeneralizedColumn column) => columns.IndexOf(column) is var place and >= 0 ? results[place] : double.NaN;
    }
}
