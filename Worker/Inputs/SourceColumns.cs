using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Worker.Inputs;

/// <summary>
/// Finds the source names of a cohort's subjects: in <c>source_file</c>, in the column that the user names, or in a wide cohort in the
/// column with the scalar's name. Long cohorts with rows for several scalars are reduced to those of the response. Rows without a source
/// are omitted, as <c>convert</c> does.
/// </summary>
/// <param name="Table">The cohort with its source names in <c>source_file</c>.</param>
/// <param name="Scalars">The scalars whose column in the table contains their own source names, so that it is no variable.</param>
/// <param name="Warnings">Rows that were omitted, for the user.</param>
internal sealed record SourceColumns(CohortTable Table, IReadOnlyList<string> Scalars, IReadOnlyList<string> Warnings)
{
    private const string ScalarName = "scalar_name";
    private const int Shown = 5;

    /// <summary>Finds the columns, and omits rows without a source.</summary>
    /// <param name="table">The cohort as read.</param>
    /// <param name="named">The column that the user names; null: none.</param>
    /// <param name="file">The data file of the cohort.</param>
    /// <param name="response">The response, if it is in this file.</param>
    /// <exception cref="BadInputException">The named column does not exist, or none contains source names.</exception>
    public static SourceColumns Find(CohortTable table, string? named, ModelArrayFile file, string? response)
    {
        if (response is not null)
            table = RowsOf(table, response);
        var own = file.Scalars.Select(scalar => scalar.Name).Where(name => name != named && HoldsSources(table.Find(name), name, file));
        IReadOnlyList<string> scalars = [.. own];
        table = scalars.Aggregate(WithSourceFile(table, named, scalars, response, file), Trimmed);
        var sources = table.Get(CohortTable.SourceFile);
        return Omitted(table, sources, table.SourceColumn) is { } warning
            ? new(table.Take([.. Enumerable.Range(0, table.Rows).Where(row => !IsBlank(sources, row))]), scalars, [warning])
            : new(table, scalars, []);
    }

    /// <summary>The rows of the subjects that have a source in each of some scalars, and warnings about the others.</summary>
    /// <param name="cohort">The cohort.</param>
    /// <param name="scalars">Scalars with a column of their own; absent columns are ignored.</param>
    public static (int[] Rows, IReadOnlyList<string> Warnings) RowsWithEvery(CohortTable cohort, IReadOnlyCollection<string> scalars)
    {
        var columns = scalars.Select(cohort.Find).OfType<CohortColumn>().ToList();
        return (
            [.. Enumerable.Range(0, cohort.Rows).Where(row => !columns.Exists(column => IsBlank(column, row)))],
            [.. columns.Select(column => Omitted(cohort, column, column.Name)).OfType<string>()]
        );
    }

    /// <summary>The rows of one scalar of a long cohort; all rows if the cohort does not distinguish scalars or has none of it.</summary>
    private static CohortTable RowsOf(CohortTable table, string scalar)
    {
        if (table.Find(ScalarName) is not TextColumn names)
            return table;
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => names.Values[row]?.Trim() == scalar)];
        return rows.Length == 0 || rows.Length == table.Rows ? table : table.Take(rows);
    }

    private static bool HoldsSources(CohortColumn? column, string scalar, ModelArrayFile file) =>
        column is TextColumn texts
        && file.Scalar(scalar).SourceNames.ToHashSet(StringComparer.Ordinal) is var sources
        && texts.Values.Any(value => value is not null && sources.Contains(value.Trim()));

    private static CohortTable WithSourceFile(
        CohortTable table,
        string? named,
        IReadOnlyList<string> own,
        string? response,
        ModelArrayFile file
    )
    {
        if (named is not null && named != CohortTable.SourceFile)
            return Renamed(table.Without([CohortTable.SourceFile]), table.Get(named)).Without([named]);
        if (table.Find(CohortTable.SourceFile) is not null)
            return table;
        var wide = own.Where(name => response is null || name == response).Take(1).ToList();
        return wide.Count > 0 ? Renamed(table, table.Get(wide[0])) : throw NoSources(table, response, file);
    }

    private static BadInputException NoSources(CohortTable table, string? response, ModelArrayFile file)
    {
        var holder = response is null ? null : table.Columns.FirstOrDefault(column => HoldsSources(column, response, file));
        return new(
            $"Cohort {table.Path} has no column '{CohortTable.SourceFile}', which names each subject's source in the data file"
                + (response is null ? ". " : $", and no column '{response}' that contains the sources of this scalar. ")
                + (
                    holder is not null
                        ? $"The column '{holder.Name}' contains them: --source-column {holder.Name}."
                        : "If another column does, name it: --source-column NAME. "
                            + NearestNames.Hint(CohortTable.SourceFile, table.Columns.Select(column => column.Name))
                )
        );
    }

    private static CohortTable Renamed(CohortTable table, CohortColumn column) =>
        Trimmed(table.With(column with { Name = CohortTable.SourceFile }), CohortTable.SourceFile).WithSourcesFrom(column.Name);

    private static CohortTable Trimmed(CohortTable table, string column) =>
        table.Find(column) is TextColumn texts
            ? table.With(texts with { Values = [.. texts.Values.Select(value => value?.Trim())] })
            : table;

    private static bool IsBlank(CohortColumn column, int row) =>
        column.IsMissing(row) || (column is TextColumn texts && string.IsNullOrWhiteSpace(texts.Values[row]));

    /// <summary>A warning about the rows without a source; null: all have one.</summary>
    private static string? Omitted(CohortTable table, CohortColumn column, string written)
    {
        var blank = Enumerable.Range(0, table.Rows).Where(row => IsBlank(column, row)).ToList();
        if (blank.Count == 0)
            return null;
        if (blank.Count == table.Rows)
            throw new BadInputException(
                $"Cohort {table.Path}: every row of the column '{written}', the sources of the subjects, is blank."
            );
        var rows = string.Join(", ", blank.Take(Shown).Select(table.RowInFile)) + (blank.Count > Shown ? ", …" : "");
        return $"{CountText.Format(blank.Count, "row")} of the cohort {table.Path} {(blank.Count == 1 ? "has" : "have")} no source in the "
            + $"column '{written}' and {(blank.Count == 1 ? "is" : "are")} omitted: {rows}.";
    }
}
