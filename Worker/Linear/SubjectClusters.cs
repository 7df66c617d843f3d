using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Evaluation;

namespace HpcFit.Worker.Linear;

/// <summary>The groups that a column of the cohort defines: subjects with the same value.</summary>
internal static class SubjectClusters
{
    /// <summary>A warning about used subjects whose text in the column is empty, which are one group; null: there are none.</summary>
    /// <param name="cohort">The cohort.</param>
    /// <param name="column">The column.</param>
    /// <param name="used">The subjects that the model uses.</param>
    /// <param name="option">The option that names the column.</param>
    public static string? OfEmptyTexts(CohortTable cohort, string column, IReadOnlyList<int> used, string option = "--cluster")
    {
        var texts = Factors.Texts(CohortValues.From(cohort, column)!);
        return EmptyTexts.Warning(
            $"{option} {column}",
            column,
            used.Count(row => texts[row] is { Length: 0 }),
            $"--subset \"{column} != ''\""
        );
    }

    /// <summary>A number per subject; subjects that are not used may have none (-1).</summary>
    /// <param name="cohort">The cohort.</param>
    /// <param name="column">The column.</param>
    /// <param name="used">The subjects that the model uses.</param>
    /// <param name="option">The option that names the column.</param>
    /// <param name="group">What one of the groups is called.</param>
    /// <exception cref="BadInputException">There is no such column, a used subject has no value, or there is one cluster only.</exception>
    public static int[] Read(
        CohortTable cohort,
        string column,
        IReadOnlyList<int> used,
        string option = "--cluster",
        string group = "cluster"
    )
    {
        _ = cohort.Get(column);
        var texts = Factors.Texts(CohortValues.From(cohort, column)!);
        foreach (var row in used)
            if (texts[row] is null)
                throw new BadInputException(
                    $"Cohort {cohort.Path}: the {group} '{column}' of the subject {cohort.SubjectOf(row)} is missing. Give every "
                        + $"subject of the model a {group}, or leave the subject out with --subset."
                );
        var numbers = texts
            .OfType<string>()
            .Distinct()
            .Select((text, number) => (text, number))
            .ToDictionary(pair => pair.text, pair => pair.number);
        return used.Select(row => texts[row]).Distinct().Count() > 1
            ? [.. texts.Select(text => text is null ? -1 : numbers[text])]
            : throw new BadInputException(
                $"Cohort {cohort.Path}: {option} {column} has one value only among the subjects used; two {group}s or more are expected."
            );
    }
}
