using HpcFit.Coordinator.Reporting.Findings;
using HpcFit.Coordinator.Tables;

namespace HpcFit.Coordinator.Reporting;

/// <summary>The columns of a table of peaks: element, position, and the statistics of the term with the intervals of its estimates.</summary>
internal static class PeakColumns
{
    /// <summary>The columns for a term.</summary>
    public static IReadOnlyList<TableColumn> Of(ReportedAnalysis analysis, Term term)
    {
        var columns = TermColumns.Around(analysis.Table, term.Decisive);
        var limits = Limits(analysis, term);
        var before = columns.TakeWhile(column => column.Name != $"{term.Name}.estimate").Count() + 1;
        return [.. columns.Take(before), .. limits, .. columns.Skip(before)];
    }

    /// <summary>Whether intervals are computed for a term, so that readers should know how.</summary>
    public static bool HasLimits(ReportedAnalysis analysis, Term term) => Limits(analysis, term).Count > 0;

    private static IReadOnlyList<NumberColumn> Limits(ReportedAnalysis analysis, Term term) =>
        EstimateInterval.Columns(analysis.Table, term.Name, analysis.Details.Record.Value("model"));
}
