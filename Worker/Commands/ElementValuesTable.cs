using HpcFit.Shared.Cohort;
using HpcFit.Worker.Summaries;

namespace HpcFit.Worker.Commands;

/// <summary>
/// One element's data as a CSV table for prototyping a function: R's read.csv yields the data frame that the function receives.
/// </summary>
internal static class ElementValuesTable
{
    /// <summary>The header, and one line per subject that is finite in all scalars.</summary>
    /// <param name="cohort">The phenotypes of all subjects.</param>
    /// <param name="scalars">The attached scalars.</param>
    /// <param name="values">Their values, scalar by scalar, all subjects.</param>
    public static IEnumerable<string> Lines(CohortTable cohort, IReadOnlyList<string> scalars, double[] values)
    {
        yield return string.Join(',', cohort.Columns.Select(column => column.Name).Concat(scalars).Select(CsvText.Quoted));
        for (var row = 0; row < cohort.Rows; row++)
        {
            var ofScalars = scalars.Select((_, scalar) => values[(scalar * cohort.Rows) + row]).ToList();
            if (ofScalars.TrueForAll(double.IsFinite))
                yield return string.Join(',', cohort.Columns.Select(column => Text(column, row)).Concat(ofScalars.Select(CsvText.Number)));
        }
    }

    private static string Text(CohortColumn column, int row) =>
        column.IsMissing(row)
            ? "NA"
            : column switch
            {
                NumericColumn numbers => CsvText.Number(numbers.Values[row]),
                LogicalColumn truths => truths.Values[row] == 1 ? "TRUE" : "FALSE",
                TextColumn texts => CsvText.Quoted(texts.Values[row]!),
                FactorColumn factor => CsvText.Quoted(factor.Levels[factor.Codes[row]]),
                _ => throw new ArgumentException(
                    $"The column '{column.Name}' is of the unknown type {column.GetType().Name}.",
                    nameof(column)
                ),
            };
}
