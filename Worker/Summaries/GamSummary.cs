using HpcFit.Shared.Specs;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats an additive model's fit at one element as mgcv's summary of a gam.</summary>
internal static class GamSummary
{
    /// <summary>The summary, as lines of text.</summary>
    /// <param name="engine">The model, with full outputs.</param>
    /// <param name="spec">The model as requested.</param>
    /// <param name="block">The element.</param>
    /// <param name="results">The element's partial columns.</param>
    public static IEnumerable<string> Lines(GamEngine engine, ModelSpec spec, ScalarBlock block, double[] results)
    {
        var columns = ((GamColumns)engine.Outputs).Partial.ToList();
        return Lines(
            engine,
            spec,
            block,
            engine.Model.Smooths.Count,
            column => columns.IndexOf(column) is var place and >= 0 ? results[place] : double.NaN,
            []
        );
    }

    /// <summary>The summary of a gam's fit whose columns are in another place.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="spec">The model as requested.</param>
    /// <param name="block">The element.</param>
    /// <param name="smooths">The number of smooths to be listed, the first ones.</param>
    /// <param name="valueOf">The value of a column; NaN of one that the fit does not have.</param>
    /// <param name="randomEffects">Lines about random effects, which follow the smooths.</param>
    public static IEnumerable<string> Lines(
        GamEngine engine,
        ModelSpec spec,
        ScalarBlock block,
        int smooths,
        Func<GamColumn, double> valueOf,
        IReadOnlyList<string> randomEffects
    )
    {
        var (model, method) = (engine.Model, (spec.Gam ?? new()).Method);
        var isScaleKnown = model.Family is { HasScale: false };
        var letter = isScaleKnown ? "z" : "t";
        yield return "";
        yield return $"Family: {FamilyName()} ";
        yield return $"Link function: {model.Family?.Link.Name ?? "identity"} ";
        yield return "";
        yield return "Formula:";
        yield return model.Design.Formula.Deparsed;

        if (model.Design.ColumnNames.Count > 0)
        {
            yield return "";
            yield return "Parametric coefficients:";
            var table = new StatisticsTable(["Estimate", "Std. Error", $"{letter} value", $"Pr(>|{letter}|)"], formattedTogether: 2);
            for (var c = 0; c < model.Design.ColumnNames.Count; c++)
                table.Add(model.Design.ColumnNames[c], Row(GamSubject.Parametric, c, GamColumns.ParametricStatistics));
            foreach (var line in table.Lines())
                yield return line;
        }
        if (smooths > 0)
        {
            yield return "";
            yield return "Approximate significance of smooth terms:";
            var table = new StatisticsTable(["edf", "Ref.df", isScaleKnown ? "Chi.sq" : "F", "p-value"], formattedTogether: 1);
            for (var s = 0; s < smooths; s++)
                table.Add(model.Smooths[s].Label, Row(GamSubject.Smooth, s, GamColumns.SmoothStatistics));
            foreach (var line in table.Lines())
                yield return line;
        }
        foreach (var line in randomEffects)
            yield return line;
        yield return "";
        foreach (
            var line in spec.Hypotheses is null
                ? []
                : HypothesisTables.LinesWithEffectSizes(
                    engine.Hypotheses,
                    (h, statistic) => valueOf(new(GamSubject.Hypothesis, h, statistic)),
                    model.Design.ColumnNames,
                    (c, statistic) => valueOf(new(GamSubject.Parametric, c, statistic)),
                    isScaleKnown
                )
        )
            yield return line;
        var design = DesignOf(engine, block);
        var absorbed = design.AllCoefficients - design.CoefficientCount;
        if (design.Dimension < design.CoefficientCount)
            yield return $"Rank: {design.Dimension + absorbed}/{design.AllCoefficients}";
        yield return $"R-sq.(adj) =  {StatisticText.General(Model("adj.r.squared"), 3), 5}   Deviance explained = "
            + $"{StatisticText.General(100 * Model("dev.expl"), 3), 4}%";
        yield return $"{Criterion(method)} = {StatisticText.General(Model("sp.criterion"), 5)}  Scale est. = "
            + $"{StatisticText.General(Model("scale"), 5), -8}  n = {design.Rows}";

        string FamilyName() =>
            model.Family is { HasShape: true } ? $"Negative Binomial({StatisticText.General(Model("theta"), 4)})"
            : model.Family is { } family ? family.Name
            : "gaussian";
        double Model(string statistic) => Row(GamSubject.Model, 0, [statistic])[0];
        double[] Row(GamSubject subject, int index, IReadOnlyList<string> statistics) =>
            [.. statistics.Select(statistic => valueOf(new(subject, index, statistic)))];
    }

    private static GamDesign DesignOf(GamEngine engine, in ScalarBlock block) => new GamElementFitter(engine).ModelOf(block, 0).Designs[0];

    private static string Criterion(string method) =>
        method switch
        {
            "GCV.Cp" => "GCV",
            "GACV.Cp" => "GACV",
            "REML" or "ML" => "-" + method,
            _ => method,
        };
}
