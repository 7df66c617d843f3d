using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Cohort;

/// <summary>Reorders a cohort's rows by a scalar's source names.</summary>
public static class SourceMatching
{
    private const int Listed = 3;

    /// <summary>
    /// The cohort in the order of <paramref name="sources"/>. As in ModelArray, <c>source_file</c> must contain every source of the scalar
    /// exactly once and nothing else, in any order; if <paramref name="mayOmit"/>, some may be absent.
    /// </summary>
    /// <param name="cohort">The table, with a column <c>source_file</c>.</param>
    /// <param name="sources">The scalar's source names, in the file's order.</param>
    /// <param name="scalar">The scalar's name, for messages.</param>
    /// <param name="mayOmit">Whether the cohort may lack sources of the scalar.</param>
    /// <exception cref="BadInputException">The column is missing, or has duplicates, a different count or unknown names; the first few are
    /// listed.</exception>
    public static CohortTable InFileOrder(CohortTable cohort, IReadOnlyList<string> sources, string scalar, bool mayOmit = false)
    {
        ArgumentNullException.ThrowIfNull(cohort);
        ArgumentNullException.ThrowIfNull(sources);
        var names = Names(cohort);
        NoDuplicates(names, $"Cohort {cohort.Path}: column '{cohort.SourceColumn}'");
        NoDuplicates(sources, $"The data file's scalar '{scalar}'");
        var rowOfName = names.Select((name, row) => (name, row)).ToDictionary(pair => pair.name, pair => pair.row, StringComparer.Ordinal);
        var known = sources.ToHashSet(StringComparer.Ordinal);
        var unknown = names.Where(name => !known.Contains(name)).ToList();
        var absent = sources.Where(source => !rowOfName.ContainsKey(source)).ToList();
        if (unknown.Count > 0 || (absent.Count > 0 && !mayOmit))
        {
            throw new BadInputException(
                $"Cohort {cohort.Path} has {CountText.Format(names.Count, "row")}, the scalar '{scalar}' has "
                    + $"{CountText.Format(sources.Count, "source")}, and they do not match."
                    + Differing(unknown, $" Only in the cohort's '{cohort.SourceColumn}'")
                    + (mayOmit ? "" : Differing(absent, " Only in the data file"))
                    + Remedy(unknown.Count, mayOmit)
            );
        }
        return cohort.Take([.. sources.Where(rowOfName.ContainsKey).Select(source => rowOfName[source])]);
    }

    /// <summary>The source of each row.</summary>
    /// <exception cref="BadInputException">The cohort has no column <c>source_file</c>.</exception>
    public static IReadOnlyList<string> Names(CohortTable cohort)
    {
        ArgumentNullException.ThrowIfNull(cohort);
        return cohort.Find(CohortTable.SourceFile) is { } column
            ? [.. Enumerable.Range(0, column.Rows).Select(column.ValueText)]
            : throw new BadInputException(
                $"Cohort {cohort.Path} has no column '{CohortTable.SourceFile}', which names each subject's source in the data file. "
                    + NearestNames.Hint(CohortTable.SourceFile, cohort.Columns.Select(known => known.Name))
            );
    }

    private static void NoDuplicates(IEnumerable<string> names, string where)
    {
        var twice = names
            .GroupBy(name => name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToList();
        if (twice.Count > 0)
            throw new BadInputException($"{where} contains {Count(twice.Count)} more than once: {First(twice)}.");
    }

    private static string Remedy(int unknown, bool mayOmit) =>
        mayOmit
            ? " Every row of the cohort must name a source of the scalar, spelt identically."
            : " Every source must occur in the cohort exactly once, spelt identically."
                + (unknown == 0 ? " To fit the subjects of the cohort only, add --subjects cohort." : "");

    private static string Differing(List<string> names, string where) =>
        names.Count == 0 ? "" : $"{where} ({names.Count}): {First(names)}.";

    private static string Count(int count) => count == 1 ? "a name" : $"{count} names";

    private static string First(List<string> names) =>
        string.Join(", ", names.Take(Listed).Select(name => $"'{name}'")) + (names.Count > Listed ? ", …" : "");
}
