using HpcFit.Shared.Specs;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Mixed;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats a gamm's fit at one element: mgcv's summary of a gam, with lme4's table of random effects.</summary>
internal static class MixedGamSummary
{
    private const int Digits = 4;

    /// <summary>The summary, as lines of text.</summary>
    /// <param name="engine">The model, with full outputs.</param>
    /// <param name="spec">The model as requested.</param>
    /// <param name="block">The element.</param>
    /// <param name="results">The element's partial columns.</param>
    public static IEnumerable<string> Lines(MixedGamEngine engine, ModelSpec spec, ScalarBlock block, double[] results)
    {
        var columns = engine.Columns.Partial.ToList();
        var isNormal = engine.Gam.Model.Family is null;
        return GamSummary
            .Lines(
                engine.Gam,
                spec,
                block,
                engine.Gam.Model.Smooths.Count - engine.Random.Effects,
                // The criterion is stored as lme4 prints it.
                column => column.Statistic == "sp.criterion" ? Model(Criterion()) / 2 : Value(MixedGamColumn.From(column)),
                [.. RandomEffects()]
            )
            .Concat(Shares());

        IEnumerable<string> RandomEffects()
        {
            yield return "";
            yield return "Random effects:";
            foreach (var line in Deviations().Lines())
                yield return line;
            var counts = columns
                .FindAll(column => column.Statistic == "ngroups")
                .Select(column => $"{engine.Random.Terms[column.Index].Group}, {Value(column):F0}");
            yield return $"Number of obs: {Model("nobs"):F0}, groups:  {string.Join("; ", counts)}";
        }

        RandomEffectsTable Deviations()
        {
            var table = new RandomEffectsTable();
            foreach (var row in columns.Where(column => column.Statistic.StartsWith("sd__", StringComparison.Ordinal)))
                table.Add(
                    row.Subject != MixedGamSubject.Random ? "Residual"
                        : row.First == 0 ? engine.Random.Terms[row.Index].Group
                        : "",
                    row.Subject == MixedGamSubject.Random ? row.Statistic["sd__".Length..] : "",
                    Value(row),
                    columns
                        .Where(column => column.Subject == row.Subject && column.Index == row.Index && column.First < row.First)
                        .Where(column => column.Second == row.First && column.Statistic.StartsWith("cor__", StringComparison.Ordinal))
                        .Select(Value)
                );
            return table;
        }

        IEnumerable<string> Shares()
        {
            if (isNormal)
                yield return $"ICC: {General("icc")}, marginal R-squared: {General("r2.marginal")}, "
                    + $"conditional R-squared: {General("r2.conditional")}";
            if (Model("singular") > 0)
                yield return "The fit is singular: a variance of random effects is estimated as 0"
                    + $"{(engine.Random.AreCorrelated ? ", or a correlation as 1 or -1" : "")}.";
        }

        string Criterion() => spec.Mixed is { Ml: true } ? "MLcrit" : "REMLcrit";
        string General(string statistic) => StatisticText.General(Model(statistic), Digits);
        double Model(string statistic) => results[columns.FindIndex(column => column.Statistic == statistic && IsOfModel(column))];
        bool IsOfModel(MixedGamColumn column) => column.Subject == MixedGamSubject.Model || column.Gam.Subject == GamSubject.Model;
        double Value(MixedGamColumn column) => columns.IndexOf(column) is var place and >= 0 ? results[place] : double.NaN;
    }
}
