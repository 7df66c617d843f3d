using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Mixed.Results;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats contrasts, F tests and effect sizes at one element as tables.</summary>
internal static class HypothesisTables
{
    /// <summary>The tables of contrasts and F tests, each followed by an empty line; none without hypotheses.</summary>
    /// <param name="hypotheses">The hypotheses.</param>
    /// <param name="valueOf">A statistic of a hypothesis, by its place and the statistic's name.</param>
    /// <param name="isNormal">Whether tests are by z and chi-square instead of t and F.</param>
    /// <param name="haveDegrees">Whether each contrast has degrees of freedom of its own.</param>
    public static IEnumerable<string> Lines(
        IReadOnlyList<Hypothesis> hypotheses,
        Func<int, string, double> valueOf,
        bool isNormal = false,
        bool haveDegrees = false
    ) =>
        [
            .. Table(
                "Contrasts:",
                haveDegrees ? ["Estimate", "Std. Error", "df", "t value", "Pr(>|t|)"]
                    : isNormal ? ["Estimate", "Std. Error", "z value", "Pr(>|z|)"]
                    : ["Estimate", "Std. Error", "t value", "Pr(>|t|)"],
                haveDegrees ? MixedColumns.TermStatistics : LinearColumns.TermStatistics,
                2,
                Rows(hypotheses, HypothesisKind.T, valueOf)
            ),
            .. Table(
                isNormal ? "Chi-square tests:" : "F tests:",
                isNormal ? ["Df", "Chisq", "Pr(>Chisq)"] : ["Df", "Den. Df", "F value", "Pr(>F)"],
                isNormal ? ["Chisq.df", "Chisq.statistic", "Chisq.p.value"] : ["F.df1", "F.df2", "F.statistic", "F.p.value"],
                0,
                Rows(hypotheses, HypothesisKind.F, valueOf)
            ),
        ];

    /// <summary>
    /// The tables of contrasts, F tests, and confidence limits and effect sizes of coefficients and contrasts, each followed by an empty
    /// line; none of what was not requested.
    /// </summary>
    /// <param name="hypotheses">The hypotheses.</param>
    /// <param name="ofHypothesis">A statistic of a hypothesis, by its place and the statistic's name; NaN for one without a column.</param>
    /// <param name="coefficients">The names of the coefficients.</param>
    /// <param name="ofCoefficient">A statistic of a coefficient, in the same way.</param>
    /// <param name="isNormal">Whether tests are by z and chi-square instead of t and F.</param>
    /// <param name="haveDegrees">Whether the tables of coefficients and contrasts have degrees of freedom.</param>
    public static IEnumerable<string> LinesWithEffectSizes(
        IReadOnlyList<Hypothesis> hypotheses,
        Func<int, string, double> ofHypothesis,
        IReadOnlyList<string> coefficients,
        Func<int, string, double> ofCoefficient,
        bool isNormal = false,
        bool haveDegrees = false
    ) =>
        [
            .. Lines(hypotheses, ofHypothesis, isNormal, haveDegrees),
            .. EffectSizes(
                [
                    .. coefficients.Select((name, c) => new Row(name, statistic => ofCoefficient(c, statistic))),
                    .. Rows(hypotheses, HypothesisKind.T, ofHypothesis),
                ],
                haveDegrees ? [] : ["df"]
            ),
        ];

    private static IEnumerable<Row> Rows(IReadOnlyList<Hypothesis> hypotheses, HypothesisKind kind, Func<int, string, double> valueOf) =>
        Enumerable
            .Range(0, hypotheses.Count)
            .Where(h => hypotheses[h].Kind == kind)
            .Select(h => new Row(hypotheses[h].Name, statistic => valueOf(h, statistic)));

    private static IEnumerable<string> EffectSizes(IReadOnlyList<Row> rows, IReadOnlyList<string> degrees)
    {
        string[] sizes =
        [
            "conf.low",
            "conf.high",
            "exp.estimate",
            "exp.conf.low",
            "exp.conf.high",
            "partial.r",
            "cohens.d",
            "std.estimate",
        ];
        if (!Array.Exists(sizes, IsShown))
            yield break;
        string[] shown = [.. degrees.Concat(sizes).Where(IsShown)];
        var width = rows.Max(row => row.Name.Length);
        string[][] texts = [.. shown.Select(name => StatisticText.Together([.. rows.Select(row => row.Value(name))], 3))];
        int[] widths = [.. shown.Select((name, c) => Math.Max(name.Length, texts[c].Max(text => text.Length)))];
        yield return "Confidence intervals and effect sizes:";
        yield return new string(' ', width) + string.Concat(shown.Select((name, c) => " " + name.PadLeft(widths[c])));
        for (var r = 0; r < rows.Count; r++)
            yield return rows[r].Name.PadRight(width) + string.Concat(shown.Select((_, c) => " " + texts[c][r].PadLeft(widths[c])));
        yield return "";

        bool IsShown(string statistic) => rows.Any(row => !double.IsNaN(row.Value(statistic)));
    }

    private static IEnumerable<string> Table(
        string title,
        string[] headings,
        IReadOnlyList<string> statistics,
        int formattedTogether,
        IEnumerable<Row> rows
    )
    {
        var list = rows.ToList();
        if (list.Count == 0)
            yield break;
        yield return title;
        var table = new StatisticsTable(headings, formattedTogether);
        foreach (var row in list)
            table.Add(row.Name, [.. statistics.Select(row.Value)]);
        foreach (var line in table.Lines())
            yield return line;
        yield return "";
    }

    /// <summary>A row of a table: its name, and its statistics by name.</summary>
    private sealed record Row(string Name, Func<string, double> Value);
}
