using HpcFit.Shared.Elements;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed;

/// <summary>Predictions of a model with a random intercept (Laird and Ware 1982, Biometrics 38, 963-974).</summary>
internal static class InterceptPredictions
{
    /// <summary>Fits an element; the predictions, null unless it has a fit.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="block">A block.</param>
    /// <param name="element">The element's place in it.</param>
    /// <param name="status">The element's status.</param>
    public static ElementPredictions? Compute(MixedEngine engine, in ScalarBlock block, int element, out ElementStatus status)
    {
        var fit = new MixedElement(engine);
        status = fit.Fit(block, element);
        if (status is not (ElementStatus.Fitted or ElementStatus.RankDeficient))
            return null;
        var (tables, solution) = (fit.Solution.Tables, fit.Solution);
        var (effects, rows) = (new List<PredictedEffect>(), new List<PredictedRow>());
        var fixedPart = FixedParts.Compute(tables, solution.Coordinates);
        for (int group = 0, from = 0; group < tables.Groups; from = tables.GroupEnd[group++])
        {
            var residuals = 0.0;
            for (var row = from; row < tables.GroupEnd[group]; row++)
                residuals += tables.Root[row] * tables.Root[row] * (fit.Response[tables.Subject[row]] - fixedPart[row]);
            var shrinkage = solution.Ratio / (1 + (solution.Ratio * tables.GroupMass[group]));
            var effect = shrinkage * residuals;
            var level = engine.Groups.Labels[engine.Groups.Codes[tables.Subject[from]]];
            effects.Add(new(engine.Groups.Name, level, "(Intercept)", effect, Math.Sqrt(shrinkage * solution.Variance)));
            for (var row = from; row < tables.GroupEnd[group]; row++)
                rows.Add(new(tables.Subject[row], fit.Response[tables.Subject[row]], fixedPart[row], fixedPart[row] + effect));
        }
        return new([.. effects.OrderBy(one => one.Level, StringComparer.Ordinal)], [.. rows.OrderBy(row => row.Subject)]);
    }
}
