using HpcFit.Coordinator.Reporting.Findings;
using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;

namespace HpcFit.Coordinator.Reporting;

/// <summary>How the variance of a mixed model divides into that of its random effects and residuals; nothing for other models.</summary>
/// <param name="analysis">The analysis.</param>
internal sealed class VarianceSection(ReportedAnalysis analysis)
{
    /// <summary>Writes the section.</summary>
    public void Write(HtmlWriter html)
    {
        if (
            analysis.Details.Record.Value("model") is not ("lmm" or "gamm")
            || RandomDeviations.ReadAll(analysis.Table) is not { Count: > 0 } deviations
        )
            return;
        var hasShares = deviations.All(one => one.Share is not null);
        RowTable.Write(
            html,
            $"Standard deviations of random effects and residuals, quartiles over {analysis.Elements}"
                + (hasShares ? ", and the median share of the variance" : ""),
            [
                ("", true),
                ("25 %", false),
                ("median", false),
                ("75 %", false),
                .. hasShares ? [("share", false)] : Array.Empty<(string, bool)>(),
            ],
            deviations.Select(one =>
                (IReadOnlyList<string>)
                    [
                        one.Name,
                        AlignedTable.Rounded(one.Quartiles.Lower),
                        AlignedTable.Rounded(one.Quartiles.Median),
                        AlignedTable.Rounded(one.Quartiles.Upper),
                        .. one.Share is { } share ? [$"{AlignedTable.Rounded(Math.Round(100 * share, 1))} %"] : Array.Empty<string>(),
                    ]
            )
        );
        WriteSingular(html);
    }

    private void WriteSingular(HtmlWriter html)
    {
        if (analysis.Table.TryFind("model.singular") is not NumberColumn column)
            return;
        var values = new double[analysis.Table.Rows];
        column.Read(0, values);
        var fitted = values.Count(value => !double.IsNaN(value));
        if (fitted > 0)
            html.Element(
                "p",
                $"Singular fits, where a variance of random effects is estimated as 0 or a correlation as 1 or -1: "
                    + $"{values.Count(value => value == 1):N0} of {fitted:N0} {analysis.Elements}."
            );
    }
}
