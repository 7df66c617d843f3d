using System.Globalization;

namespace HpcFit.Shared.Cohort;

/// <summary>Converts a column of strings to the type that R's read.csv infers: logical, integer, double, else character.</summary>
internal static class ColumnTyping
{
    public static CohortColumn Infer(string name, string[] fields, MissingText missing)
    {
        if (TryLogical(fields, missing) is { } truths)
            return new LogicalColumn(name, truths);
        if (TryNumbers(fields, missing, out var isInteger) is { } numbers)
            return new NumericColumn(name, numbers, isInteger);
        return new TextColumn(name, [.. fields.Select(field => missing.Contains(field) ? null : field)]);
    }

    /// <summary>
    /// To read.csv, lower-case <c>true</c> and <c>false</c>, and logicals with blanks around them, are strings.
    /// </summary>
    private static double[]? TryLogical(string[] fields, MissingText missing)
    {
        var values = new double[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            if (missing.ContainsOrBlank(fields[i]))
                values[i] = double.NaN;
            else if (fields[i] is "T" or "TRUE")
                values[i] = 1;
            else if (fields[i] is not ("F" or "FALSE"))
                return null;
        }
        return values;
    }

    private static double[]? TryNumbers(string[] fields, MissingText missing, out bool isInteger)
    {
        var values = new double[fields.Length];
        isInteger = true;
        for (var i = 0; i < fields.Length; i++)
        {
            values[i] = double.NaN;
            if (missing.ContainsOrBlank(fields[i]))
                continue;
            if (!NumberText.TryParse(fields[i], out values[i]))
                return null;
            isInteger = isInteger && IsInteger(fields[i]);
        }
        return values;
    }

    /// <summary>
    /// R's NA_integer_ is the smallest int, so that value and larger magnitudes make the column double; so does a blank after the digits.
    /// </summary>
    private static bool IsInteger(string field) =>
        int.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var whole)
        && whole != int.MinValue;
}
