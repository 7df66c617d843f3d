using HpcFit.Coordinator.Reporting.Findings;
using HpcFit.Coordinator.Tables;

namespace HpcFit.Coordinator.Reporting;

/// <summary>The columns of a table of peaks: element, position, statistics of the term, intervals of its estimates.</summary>
internal static class PeakColumns
{
    /// <summary>The columns for a term.</summary>
    public static IReadOnlyList<TableColumn> Create(ReportedAnalysis analysis, Term term)
    {
        var table = analysis.Table;
        var columns = TermColumns
            .Around(table, term.Decisive)
            .Select(column => column is NumberColumn stored && table.Results.Contains(stored) ? stored.Hold(table.Rows) : column)
            .ToList();
        var record = analysis.Details.Record;
        var isNormal = record.Value("family") is "binomial" or "poisson" or "nb";
        var limits = EstimateInterval.Columns(table, term.Name, record.Value("model"), isNormal);
        var before = columns.TakeWhile(column => column.Name != $"{term.Name}.estimate").Count() + 1;
        return [.. columns.Take(before), .. limits, .. columns.Skip(before)];
    }
}
