using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Linear;

namespace HpcFit.Worker.Permutation;

/// <summary>The groups of subjects that have variances of their own.</summary>
internal static class VarianceGroups
{
    private const string Option = "--variance-groups";

    /// <summary>The group of each subject of the cohort; null: one variance.</summary>
    /// <exception cref="BadInputException">The column cannot be used.</exception>
    public static int[]? Read(PermutationSpec spec, CohortTable cohort, WholeCohortDesign design)
    {
        if (spec.VarianceGroups is not { } column)
            return null;
        return spec.Method == PermutationSpec.Dekker
            ? throw new BadInputException(
                "--perm-method dekker has one variance for all subjects. Leave out --variance-groups, or use --perm-method freedman-lane."
            )
            : SubjectClusters.Read(cohort, column, design.Rows, Option, "variance group");
    }

    /// <summary>A warning about subjects whose text in the column is empty, which are one group; null: there are none.</summary>
    public static string? OfEmptyTexts(PermutationSpec spec, CohortTable cohort, WholeCohortDesign design) =>
        spec.VarianceGroups is { } column ? SubjectClusters.OfEmptyTexts(cohort, column, design.Rows, Option) : null;

    /// <summary>Refuses groups of one subject, and those that the model fits exactly.</summary>
    /// <param name="cohort">The cohort.</param>
    /// <param name="column">The column.</param>
    /// <param name="design">The model matrix of all subjects.</param>
    /// <param name="groups">The group of each subject of the cohort.</param>
    /// <param name="method">The method with these groups.</param>
    /// <exception cref="BadInputException">There is such a group.</exception>
    public static void Refuse(CohortTable cohort, string column, WholeCohortDesign design, int[] groups, GroupedVariances method)
    {
        foreach (var single in design.Rows.GroupBy(row => groups[row]).Where(group => group.Count() == 1))
            throw new BadInputException(
                $"Cohort {cohort.Path}: the subject {cohort.SubjectOf(single.First())} is alone in its variance group "
                    + $"('{column}' is {Value(cohort, column, single.First())}), and one subject has no variance. {Option} needs a column "
                    + "of groups, such as site; join small groups, or leave the subject out with --subset."
            );
        var numbers = design.Rows.Select(row => groups[row]).Distinct().Order().ToList();
        foreach (var group in method.WithoutResiduals)
        {
            var row = design.Rows.First(one => groups[one] == numbers[group]);
            throw new BadInputException(
                $"Cohort {cohort.Path}: the model fits every subject of the variance group of the subject {cohort.SubjectOf(row)} "
                    + $"('{column}' is {Value(cohort, column, row)}) exactly, so its variance cannot be estimated. Join it to another "
                    + "group, or simplify the model."
            );
        }
    }

    /// <summary>A group as users wrote it; texts in quotes.</summary>
    private static string Value(CohortTable cohort, string column, int row)
    {
        var values = cohort.Get(column);
        return values is NumericColumn ? values.ValueText(row) : $"'{values.ValueText(row)}'";
    }
}
