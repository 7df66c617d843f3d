using System.Globalization;

namespace HpcFit.Coordinator.Tables;

/// <summary>Numbers as text that parses to the same bits.</summary>
internal static class CellText
{
    /// <summary>The longest text of a number.</summary>
    public const int MaxLength = 32;

    /// <summary>
    /// The shortest text that parses to the same number; <c>NA</c>, <c>Inf</c> and <c>-Inf</c> as in R.
    /// </summary>
    /// <param name="value">The number.</param>
    /// <param name="text">Memory of at least <see cref="MaxLength"/> characters.</param>
    public static ReadOnlySpan<char> Format(double value, Span<char> text)
    {
        if (double.IsNaN(value))
            return "NA";
        if (double.IsInfinity(value))
            return value > 0 ? "Inf" : "-Inf";
        return value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture)
            ? text[..length]
            : value.ToString("R", CultureInfo.InvariantCulture);
    }
}
