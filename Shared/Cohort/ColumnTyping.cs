using System.Globalization;

namespace HpcFit.Shared.Cohort;

/// <summary>Gives a column of texts the type that R's read.csv infers: logical, integer, double, else character.</summary>
internal static class ColumnTyping
{
    public static CohortColumn Infer(string name, string[] fields)
    {
        if (TryLogical(fields) is { } truths) return new LogicalColumn(name, truths);
        if (TryNumbers(fields, out var isInteger) is { } numbers) return new NumericColumn(name, numbers, isInteger);
        return new TextColumn(name, [.. fields.Select(field => field == "NA" ? null : field)]);
    }

    /// <summary>In numbers and truth values a blank is missing; <c>NA</c> counts only without blanks around it.</summary>
    private static bool IsMissing(string field) => field == "NA" || string.IsNullOrWhiteSpace(field);

    private static double[]? TryLogical(string[] fields)
    {
        var values = new double[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            if (IsMissing(fields[i])) values[i] = double.NaN;
            else if (fields[i] is "T" or "TRUE" or "true") values[i] = 1;
            else if (fields[i] is not ("F" or "FALSE" or "false")) return null;
        }
        return values;
    }

    private static double[]? TryNumbers(string[] fields, out bool isInteger)
    {
        var values = new double[fields.Length];
        isInteger = true;
        for (var i = 0; i < fields.Length; i++)
        {
            values[i] = double.NaN;
            if (IsMissing(fields[i])) continue;
            if (!NumberText.TryParse(fields[i], out values[i])) return null;
            // R's NA_integer_ is the smallest int, so a value beyond the others makes the column double.
            isInteger = isInteger && int.TryParse(fields[i], NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) && whole != int.MinValue;
        }
        return values;
    }
}
