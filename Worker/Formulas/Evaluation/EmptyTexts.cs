using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>
/// Subjects whose text in a column of groups is empty. As in R an empty text is a level and not a missing value, so that they are one group
/// although the cohort does not say that they belong together.
/// </summary>
internal static class EmptyTexts
{
    /// <summary>A warning about such subjects; null: there are none.</summary>
    /// <param name="use">What the groups are used for: a random term, or an option with its column.</param>
    /// <param name="column">The column, or several joined by colons.</param>
    /// <param name="subjects">How many subjects have an empty text.</param>
    /// <param name="remedy">How to leave them out, as the begin of a sentence.</param>
    public static string? Warning(string use, string column, int subjects, string remedy) =>
        subjects == 0
            ? null
            : $"{use}: {CountText.Format(subjects, "subject")} without a text in '{column}' {(subjects == 1 ? "is" : "are")} in a group of "
                + $"that name, as in R. {remedy} leaves such subjects out.";
}
