using HpcFit.Coordinator.Reporting.Findings;
using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Reporting;

/// <summary>What was fitted, what is missing and why, and what was found, in sentences and one table.</summary>
/// <param name="analysis">The analysis.</param>
internal sealed class SummarySection(ReportedAnalysis analysis)
{
    private const int MaxNames = 5;

    /// <summary>Writes the section.</summary>
    public void Write(HtmlWriter html)
    {
        using (html.Begin("p", ("class", "lead")))
            html.Text(string.Join(' ', Sentences()));
        foreach (var term in analysis.Terms)
            html.Element("p", Finding(term));
        if (analysis.Terms.Count == 0)
            html.Element("p", "The analysis has no p-values, so there are no findings to list.");
        WriteStatuses(html);
    }

    private IEnumerable<string> Sentences()
    {
        var record = analysis.Details.Record;
        var model = record.Value("model") switch
        {
            null => $"The analysis {analysis.Table.Analysis}",
            "custom" when record.Value("function") is { } function => $"The function of {Path.GetFileName(function)}",
            var engine => $"{engine}{(record.Value("formula") is { Length: > 0 } formula ? $" {formula}" : "")}",
        };
        var verb = record.Value("model") == "custom" ? "applied" : "fitted";
        var count = CountText.Format(analysis.Table.Rows, analysis.Element);
        yield return record.Value("subjects_used") is { } used
            ? $"{model} was {verb} at {count} with {used} of {record.Value("subjects")} {analysis.Rows}."
            : $"{model} has results at {count}.";
        if (record.Values("subjects_omitted") is { Count: > 0 } omitted)
            yield return $"{CountText.Format(omitted.Count, analysis.Rows[..^1])} without a value of a variable: "
                + $"{string.Join(", ", omitted.Take(MaxNames))}{(omitted.Count > MaxNames ? ", …" : "")}.";
    }

    private string Finding(Term term)
    {
        var withValue = term.Decisions.Count(value => !double.IsNaN(value));
        var below = Enumerable.Range(0, term.Decisions.Length).Count(row => term.IsBelow(row, analysis.Threshold));
        var share = withValue > 0 ? $" ({Percent((double)below / withValue)})" : "";
        var sentence =
            $"{Title(term)}: {below:N0} of {CountText.Format(withValue, analysis.Element)}{share} with {analysis.ThresholdOf(term)}"
            + (
                term.IsFamilyWise ? $", which controls the family-wise error over all elements by permutation{OneSided(term)}"
                : term.IsCorrected ? ""
                : ", which is not corrected for the number of elements"
            )
            + $"{string.Concat(term.FamilyWise.Select(FamilyWise))}.";
        if (analysis.PeaksOf(term) is not [var strongest, ..])
            return sentence;
        var estimate = term.Estimates is { } estimates ? $"estimate {AlignedTable.Rounded(estimates[strongest])}, " : "";
        return $"{sentence} The strongest is {Place(strongest)}: {estimate}p {AlignedTable.Rounded(term.PValues[strongest])}"
            + $"{(OneSided(term).Length > 0 ? " (two-sided)" : "")}"
            + $"{(term.IsCorrected ? $", corrected {AlignedTable.Rounded(term.Decisions[strongest])}" : "")}.";
    }

    /// <summary>The sign of the effects that a contrast was tested for; empty: both, or an F test.</summary>
    private static string OneSided(Term term) =>
        term.Estimates is null || term.Side == TestedSide.Both ? ""
        : term.Side == TestedSide.Upper ? ", for effects above 0"
        : ", for effects below 0";

    private string FamilyWise((string Name, double[] Values) column)
    {
        var limit = ExtrapolatedP.Find(analysis.Details.Record, column.Name);
        return $"; {column.Values.Count(p => p < analysis.Threshold):N0} with {column.Name} < {AlignedTable.Rounded(analysis.Threshold)}"
            + (analysis.Threshold < limit?.LeastP ? $", extrapolated below {limit.Limit}" : "");
    }

    /// <summary>A share with two decimals; a small one never becomes 0 %.</summary>
    private static string Percent(double share) =>
        share is > 0 and < 0.0001 ? "less than 0.01 %" : $"{AlignedTable.Rounded(Math.Round(100 * share, 2))} %";

    private static string Title(Term term) => term.Name == "model" ? "The model as a whole" : term.Name;

    private string Place(int row)
    {
        string Cell(string name) => AlignedTable.Cell(analysis.Table.Find(name), row);
        var names = analysis.Table.Positions.Columns.Select(column => column.Name).ToHashSet();
        var text =
            names.Contains("parcel") ? $"parcel {Cell("parcel")}"
            : names.Contains("parcel_from") ? $"the pair {Cell("parcel_from")} and {Cell("parcel_to")}"
            : names.Contains("structure") ? $"greyordinate {Cell("greyordinate")} in {Cell("structure")}"
            : $"{analysis.Element} {analysis.IdOf(row)}";
        return names.Contains("x_mm") ? $"{text} at {Cell("x_mm")}, {Cell("y_mm")}, {Cell("z_mm")} mm"
            : names.Contains("i") ? $"{text} in cell {Cell("i")}, {Cell("j")}, {Cell("k")}"
            : text;
    }

    private void WriteStatuses(HtmlWriter html)
    {
        if (analysis.Table.TryFind(ResultTable.StatusCode) is not NumberColumn codes)
            return;
        var counts = new SortedDictionary<int, long>();
        var piece = new double[RowPieces.Size];
        foreach (var (first, count) in RowPieces.Divide(analysis.Table.Rows, CancellationToken.None))
        {
            codes.Read(first, piece.AsSpan(0, count));
            foreach (var code in piece.AsSpan(0, count))
                counts[(int)code] = counts.GetValueOrDefault((int)code) + 1;
        }
        RowTable.Write(
            html,
            $"{char.ToUpperInvariant(analysis.Elements[0])}{analysis.Elements[1..]} by status",
            [("status", false), ("name", true), ("meaning", true), (analysis.Elements, false)],
            counts.Select(pair =>
                (IReadOnlyList<string>)
                    [$"{pair.Key}", $"{(ElementStatus)pair.Key}", StatusWords.For((ElementStatus)pair.Key), $"{pair.Value:N0}"]
            )
        );
    }
}
