using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Linear;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats a linear model's contrasts, F tests and effect sizes at one element as tables.</summary>
internal static class HypothesisTables
{
    /// <summary>The tables, each followed by an empty line; none without hypotheses and effect sizes.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="results">The element's partial columns.</param>
    public static IEnumerable<string> Lines(LinearEngine engine, double[] results)
    {
        var columns = engine.Columns.Partial.ToList();
        var contrasts = Of(HypothesisKind.T);
        var tests = Of(HypothesisKind.F);
        var contrastRows = contrasts.Select(h =>
            (engine.Hypotheses[h].Name, (Func<string, double>)(name => Value(LinearSubject.Hypothesis, h, name)))
        );
        var testRows = tests.Select(h =>
            (engine.Hypotheses[h].Name, (Func<string, double>)(name => Value(LinearSubject.Hypothesis, h, name)))
        );
        var coefficientRows = engine.Design.ColumnNames.Select(
            (name, c) => (name, (Func<string, double>)(statistic => Value(LinearSubject.Coefficient, c, statistic)))
        );
        return
        [
            .. Table("Contrasts:", ["Estimate", "Std. Error", "t value", "Pr(>|t|)"], LinearColumns.TermStatistics, 2, contrastRows),
            .. Table("F tests:", ["Df", "Den. Df", "F value", "Pr(>F)"], ["F.df1", "F.df2", "F.statistic", "F.p.value"], 0, testRows),
            .. columns.Exists(column => column.Statistic == "conf.low") ? EffectSizeTable([.. coefficientRows, .. contrastRows]) : [],
        ];

        List<int> Of(HypothesisKind kind) =>
            [.. Enumerable.Range(0, engine.Hypotheses.Count).Where(h => engine.Hypotheses[h].Kind == kind)];

        double Value(LinearSubject subject, int index, string statistic) =>
            columns.IndexOf(new(subject, index, statistic)) is var place and >= 0 ? results[place] : double.NaN;
    }

    private static IEnumerable<string> EffectSizeTable(IReadOnlyList<(string Name, Func<string, double> Value)> rows)
    {
        string[] statistics = ["conf.low", "conf.high", "partial.r", "cohens.d", "std.estimate"];
        string[] shown = [.. statistics.Where(name => rows.Any(row => !double.IsNaN(row.Value(name))))];
        var names = rows.Select(row => row.Name).ToList();
        var width = names.Max(name => name.Length);
        string[][] texts = [.. shown.Select(name => StatisticText.Together([.. rows.Select(row => row.Value(name))], 3))];
        int[] widths = [.. shown.Select((name, c) => Math.Max(name.Length, texts[c].Max(text => text.Length)))];
        yield return "Confidence intervals and effect sizes:";
        yield return string.Concat(new string(' ', width), string.Concat(shown.Select((name, c) => " " + name.PadLeft(widths[c]))));
        for (var r = 0; r < rows.Count; r++)
            yield return names[r].PadRight(width) + string.Concat(shown.Select((_, c) => " " + texts[c][r].PadLeft(widths[c])));
        yield return "";
    }

    private static IEnumerable<string> Table(
        string title,
        string[] headings,
        IReadOnlyList<string> statistics,
        int formattedTogether,
        IEnumerable<(string Name, Func<string, double> Value)> rows
    )
    {
        var list = rows.ToList();
        if (list.Count == 0)
            yield break;
        yield return title;
        var table = new StatisticsTable(headings, formattedTogether);
        foreach (var (name, value) in list)
            table.Add(name, [.. statistics.Select(value)]);
        foreach (var line in table.Lines())
            yield return line;
        yield return "";
    }
}
