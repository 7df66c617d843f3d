using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Worker.Custom;

/// <summary>Summarises the data that a user's function gets: the columns of the cohort and the attached scalars.</summary>
internal static class DataSummary
{
    /// <summary>The summary. All subjects are used: missing values are left to the function.</summary>
    public static ModelFrame CreateFrame(CohortTable cohort, IEnumerable<string> scalars) =>
        new()
        {
            SubjectsInFile = cohort.Rows,
            SubjectsInCohort = cohort.Rows,
            Selected = cohort.Rows,
            Used = cohort.Rows,
            Variables =
            [
                .. scalars.Select(name => new VariableSummary { Name = name, Type = VariableType.Scalar }),
                .. cohort.Columns.Where(column => column.Name != CohortTable.SourceFile).Select(Column),
            ],
        };

    private static VariableSummary Column(CohortColumn column)
    {
        int[] rows = [.. Enumerable.Range(0, column.Rows)];
        var missing = rows.Count(column.IsMissing);
        return column switch
        {
            NumericColumn numbers => VariableSummary.OfNumbers(column.Name, numbers.Values, rows, missing),
            LogicalColumn truths => VariableSummary.OfLevels(
                column.Name,
                VariableType.Logical,
                [.. truths.Values.Select(value => double.IsNaN(value) ? -1 : (int)value)],
                ["FALSE", "TRUE"],
                rows,
                missing
            ),
            FactorColumn factor => VariableSummary.OfLevels(
                column.Name,
                factor.IsOrdered ? VariableType.Ordered : VariableType.Factor,
                factor.Codes,
                factor.Levels,
                rows,
                missing
            ),
            TextColumn texts => Text(texts, rows, missing),
            _ => throw new ArgumentException($"The column '{column.Name}' is of the unknown type {column.GetType().Name}.", nameof(column)),
        };
    }

    private static VariableSummary Text(TextColumn column, int[] rows, int missing)
    {
        string[] texts = [.. column.Values.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var codeOf = texts.Select((text, code) => (text, code)).ToDictionary(pair => pair.text, pair => pair.code, StringComparer.Ordinal);
        int[] codes = [.. column.Values.Select(text => text is null ? -1 : codeOf[text])];
        return VariableSummary.OfLevels(column.Name, VariableType.Text, codes, texts, rows, missing);
    }
}
