using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// Finds the source names of a cohort's subjects: in <c>source_file</c>, in the column that the user names, or in a wide cohort in the
/// column with the scalar's name. Long cohorts with rows for several scalars are reduced to those of the response.
/// </summary>
/// <param name="Table">The cohort with its source names in <c>source_file</c>.</param>
/// <param name="Scalars">The scalars whose column in the table contains their own source names, so that it is no variable.</param>
/// <param name="Warnings">Rows that were omitted, for the user.</param>
internal sealed record SourceColumns(CohortTable Table, IReadOnlyList<string> Scalars, IReadOnlyList<string> Warnings)
{
    private const string ScalarName = "scalar_name";

    /// <summary>Finds the columns, and omits rows without a source, as <c>convert</c> does.</summary>
    /// <param name="table">The cohort as read.</param>
    /// <param name="named">The column that the user names; null: none.</param>
    /// <param name="file">The data file of the cohort.</param>
    /// <param name="response">The response, if it is in this file.</param>
    /// <param name="used">The scalars of the model.</param>
    /// <exception cref="BadInputException">The named column does not exist, or none contains source names.</exception>
    public static SourceColumns Find(CohortTable table, string? named, ModelArrayFile file, string? response, IReadOnlySet<string> used)
    {
        if (response is not null)
            table = RowsOf(table, response);
        var own = file.Scalars.Select(scalar => scalar.Name).Where(name => name != named && HoldsSourcesOf(table, name, file)).ToList();
        var warnings = new List<string>();
        table = WithSourceFile(table, named, own, response);
        table = WithoutBlank(table, CohortTable.SourceFile, named ?? CohortTable.SourceFile, warnings);
        foreach (var scalar in own.Where(used.Contains).Where(name => name != response))
            table = WithoutBlank(table, scalar, scalar, warnings);
        return new(table, own, warnings);
    }

    /// <summary>The rows of one scalar of a long cohort; all rows if the cohort does not distinguish scalars or has none of it.</summary>
    private static CohortTable RowsOf(CohortTable table, string scalar)
    {
        if (table.Find(ScalarName) is not TextColumn names)
            return table;
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => names.Values[row]?.Trim() == scalar)];
        return rows.Length == 0 || rows.Length == table.Rows ? table : table.Take(rows);
    }

    private static bool HoldsSourcesOf(CohortTable table, string scalar, ModelArrayFile file) =>
        table.Find(scalar) is TextColumn column
        && file.Scalar(scalar).SourceNames.ToHashSet(StringComparer.Ordinal) is var sources
        && column.Values.Any(value => value is not null && sources.Contains(value.Trim()));

    private static CohortTable WithSourceFile(CohortTable table, string? named, List<string> own, string? response)
    {
        if (named == CohortTable.SourceFile)
            return table;
        if (named is not null)
            return Renamed(table.Without([CohortTable.SourceFile]), table.Get(named)).Without([named]);
        if (table.Find(CohortTable.SourceFile) is not null)
            return table;
        var wide =
            response is not null && own.Contains(response) ? response
            : response is null ? own.FirstOrDefault()
            : null;
        return wide is not null
            ? Renamed(table, table.Get(wide))
            : throw new BadInputException(
                $"Cohort {table.Path} has no column '{CohortTable.SourceFile}', which names each subject's source in the data file"
                    + (response is null ? ". " : $", and no column '{response}' that contains the sources of this scalar. ")
                    + "If another column does, name it: --source-column NAME. "
                    + NearestNames.Hint(CohortTable.SourceFile, table.Columns.Select(column => column.Name))
            );
    }

    private static CohortTable Renamed(CohortTable table, CohortColumn column) =>
        table.With(Trimmed(column) with { Name = CohortTable.SourceFile });

    private static CohortColumn Trimmed(CohortColumn column) =>
        column is TextColumn texts ? texts with { Values = [.. texts.Values.Select(value => value?.Trim())] } : column;

    private static CohortTable WithoutBlank(CohortTable table, string column, string written, List<string> warnings)
    {
        var values = table.Get(column);
        bool IsBlank(int row) => values.IsMissing(row) || (values is TextColumn texts && texts.Values[row]!.Trim().Length == 0);
        var blank = Enumerable.Range(0, table.Rows).Where(IsBlank).ToList();
        if (blank.Count == 0)
            return table.With(Trimmed(values));
        if (blank.Count == table.Rows)
            throw new BadInputException(
                $"Cohort {table.Path}: every row of the column '{written}', the sources of the subjects, is blank."
            );
        const int Shown = 5;
        var rows = string.Join(", ", blank.Take(Shown).Select(table.RowInFile)) + (blank.Count > Shown ? ", …" : "");
        warnings.Add(
            $"{CountText.Format(blank.Count, "row")} of the cohort {table.Path} {(blank.Count == 1 ? "has" : "have")} no source in the "
                + $"column '{written}' and {(blank.Count == 1 ? "is" : "are")} omitted: {rows}."
        );
        table = table.Take([.. Enumerable.Range(0, table.Rows).Except(blank)]);
        return table.With(Trimmed(table.Get(column)));
    }
}
