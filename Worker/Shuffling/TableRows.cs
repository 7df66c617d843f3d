using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Shuffling;

/// <summary>
/// How a table or shuffle of subjects is related to the rows of a fit: it has the rows of the cohort's file, or of the fit only, in the
/// order of the cohort's file.
/// </summary>
/// <param name="cohort">The cohort.</param>
/// <param name="rows">Its rows in the fit.</param>
internal sealed class TableRows(CohortTable cohort, int[] rows)
{
    /// <summary>Whether a table of so many rows has one per subject of the cohort or of the fit.</summary>
    public bool Fits(int count) => count == rows.Length || count == cohort.RowsOfFile;

    /// <summary>What <see cref="Fits"/> expects, for messages.</summary>
    public string Expected =>
        rows.Length == cohort.RowsOfFile
            ? $"{rows.Length:N0} (the rows of the cohort {cohort.Path})"
            : $"{cohort.RowsOfFile:N0} (the rows of the cohort {cohort.Path}) or {rows.Length:N0} (those in the fit)";

    /// <summary>For each row of the fit, its row in a table of so many rows.</summary>
    public int[] InTable(int count)
    {
        if (count == cohort.RowsOfFile)
            return [.. rows.Select(row => cohort.RowInFile(row) - 1)];
        var places = new int[rows.Length];
        foreach (var (place, row) in Enumerable.Range(0, rows.Length).OrderBy(row => cohort.RowInFile(rows[row])).Index())
            places[row] = place;
        return places;
    }

    /// <summary>The row's number in the cohort's file, for messages.</summary>
    public int RowInFile(int row) => cohort.RowInFile(rows[row]);
}
