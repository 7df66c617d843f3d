using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Converts the cohort's columns to values of expressions, and back.</summary>
internal static class CohortValues
{
    /// <summary>A column at all rows, or null if there is none of that name.</summary>
    public static Value? From(CohortTable cohort, string name) =>
        cohort.Find(name) switch
        {
            NumericColumn column => new NumericValue(column.Values),
            LogicalColumn column => new NumericValue(column.Values, IsLogical: true),
            TextColumn column => new TextValue(column.Values),
            FactorColumn column => new FactorValue(column.Codes, column.Levels, column.IsOrdered, Contrast.From(column.Contrasts)),
            _ => null,
        };

    /// <summary>A column at some rows, or null if there is none of that name.</summary>
    public static Value? From(CohortTable cohort, string name, int[] rows) =>
        From(cohort, name) switch
        {
            NumericValue value => value with { Data = Take(value.Data, rows) },
            TextValue value => new TextValue(Take(value.Data, rows)),
            FactorValue value => value with { Codes = Take(value.Codes, rows) },
            _ => null,
        };

    public static T[] Take<T>(ReadOnlySpan<T> values, int[] rows)
    {
        var taken = new T[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            taken[i] = values[rows[i]];
        return taken;
    }

    /// <summary>A value as a column of a table.</summary>
    public static CohortColumn Column(string name, Value value) =>
        value switch
        {
            NumericValue { Columns: 1, IsLogical: true } logical => new LogicalColumn(name, logical.Data),
            NumericValue { Columns: 1 } numeric => new NumericColumn(
                name,
                numeric.Data,
                numeric.Data.All(number => double.IsNaN(number) || number == Math.Truncate(number))
            ),
            TextValue text => new TextColumn(name, text.Data),
            FactorValue factor => new FactorColumn(name, factor.Codes, factor.Levels, factor.IsOrdered),
            _ => throw new ArgumentException($"A matrix cannot be the column '{name}'."),
        };
}
