using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Cohort;

/// <summary>One of several cohorts that are joined.</summary>
/// <param name="Name">Its data file's name.</param>
/// <param name="Table">The table.</param>
public sealed record CohortPart(string Name, CohortTable Table);

/// <summary>The result of a join.</summary>
/// <param name="Table">The subjects present in all cohorts.</param>
/// <param name="SourcesOf">For each part's name, the source of each joined row in that part's data file.</param>
public sealed record JoinedCohort(CohortTable Table, IReadOnlyDictionary<string, IReadOnlyList<string>> SourcesOf);

/// <summary>
/// Joins the cohorts of several data files on columns that identify subjects, as ModelArray's mergeModelArrays does: an inner join, which
/// keeps the subjects present in all of them.
/// </summary>
/// <remarks>
/// A column that has equal values in several cohorts occurs once; with different values it occurs once per cohort, as <c>name.file</c>.
/// <c>source_file</c> is that of the leading file, which determines the order of rows; that of each file is <c>source_file.file</c>.
/// Columns are ordered by the files' names, so the order in which files were given has no effect.
/// </remarks>
public static class CohortJoin
{
    private const char Separator = '\u001f';
    private const int Listed = 3;

    /// <summary>The inner join.</summary>
    /// <param name="parts">The cohorts.</param>
    /// <param name="on">The columns that identify a subject in each of them.</param>
    /// <param name="leading">The name of the part that determines the order of rows.</param>
    /// <exception cref="BadInputException">A key is missing or duplicated, or no subject is in all cohorts.</exception>
    public static JoinedCohort Inner(IReadOnlyList<CohortPart> parts, IReadOnlyList<string> on, string leading)
    {
        var rowsByKey = parts.ToDictionary(part => part.Name, part => Rows(part, on));
        var first = parts.Single(part => part.Name == leading);
        var keys = Keys(first, on).Where(key => rowsByKey.Values.All(rows => rows.ContainsKey(key))).ToList();
        if (keys.Count == 0)
            throw NoCommonSubject(parts, on);
        var taken = parts
            .OrderBy(part => part.Name, StringComparer.Ordinal)
            .Select(part => part with { Table = part.Table.Take([.. keys.Select(key => rowsByKey[part.Name][key])]) })
            .ToList();
        var sources = taken.ToDictionary(part => part.Name, part => SourceMatching.Names(part.Table));
        return new(new(string.Join(" + ", parts.Select(part => part.Table.Path)), [.. Columns(taken, on, leading)]), sources);
    }

    private static IEnumerable<CohortColumn> Columns(List<CohortPart> taken, IReadOnlyList<string> on, string leading)
    {
        var lead = taken.Single(part => part.Name == leading).Table;
        foreach (var name in on)
            yield return lead.Get(name);
        yield return lead.Get(CohortTable.SourceFile);
        foreach (
            var group in taken
                .SelectMany(part => part.Table.Columns.Select(column => (Part: part.Name, Column: column)))
                .GroupBy(pair => pair.Column.Name)
                .Where(group => !on.Contains(group.Key))
        )
        {
            var isSame =
                group.Key != CohortTable.SourceFile
                && group.Select(pair => Convert.ToHexString(pair.Column.ToCanonicalBytes())).Distinct().Count() == 1;
            if (isSame)
                yield return group.First().Column;
            else
                foreach (var (part, column) in group)
                    yield return column with
                    {
                        Name = group.Count() > 1 ? $"{column.Name}.{part}" : column.Name,
                    };
        }
    }

    private static Dictionary<string, int> Rows(CohortPart part, IReadOnlyList<string> on)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        var keys = Keys(part, on);
        for (var row = 0; row < keys.Count; row++)
        {
            if (!rows.TryAdd(keys[row], row))
                throw new BadInputException(
                    $"Cohort {part.Table.Path}: rows {rows[keys[row]] + 1} and {row + 1} are both {DescribeKey(keys[row], on)}. --merge-on "
                        + "must identify subjects uniquely; name more columns, such as subject_id,session."
                );
        }
        return rows;
    }

    private static IReadOnlyList<string> Keys(CohortPart part, IReadOnlyList<string> on)
    {
        var columns = on.Select(part.Table.Get).ToList();
        return
        [
            .. Enumerable
                .Range(0, part.Table.Rows)
                .Select(row => string.Join(Separator, columns.Select(column => Key(column, row, part.Table)))),
        ];
    }

    private static string Key(CohortColumn column, int row, CohortTable table) =>
        column.IsMissing(row)
            ? throw new BadInputException(
                $"Cohort {table.Path}, row {row + 1}: '{column.Name}' is missing, and --merge-on needs it to identify the subject."
            )
            : column.ValueText(row);

    private static BadInputException NoCommonSubject(IReadOnlyList<CohortPart> parts, IReadOnlyList<string> on) =>
        new(
            $"The cohorts have no subject in common by --merge-on {string.Join(",", on)}: "
                + string.Join(
                    "; ",
                    parts.Select(part =>
                        $"{part.Table.Path} has {string.Join(", ", Keys(part, on).Take(Listed).Select(key => DescribeKey(key, on)))}, …"
                    )
                )
                + ". The values must be spelt identically."
        );

    private static string DescribeKey(string key, IReadOnlyList<string> on) =>
        string.Join(" ", on.Zip(key.Split(Separator), (name, value) => $"{name} '{value}'"));
}
