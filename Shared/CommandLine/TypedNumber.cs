using System.Globalization;

namespace HpcFit.Shared.CommandLine;

/// <summary>
/// Numbers as users type them: ASCII digits and a decimal point, whatever the locale. Thousands separators, blanks, other digits,
/// hexadecimal numbers and trailing text are refused, so that <c>1,4</c> is never read as 14.
/// </summary>
public static class TypedNumber
{
    /// <summary>Parses a whole number; null if <paramref name="text"/> is not one, or is out of range.</summary>
    public static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>
    /// Parses a finite number such as <c>-0.5</c> or <c>1e-3</c>; null if <paramref name="text"/> is not one, or is out of range.
    /// </summary>
    public static double? Real(string text) =>
        double.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var value
        ) && double.IsFinite(value)
            ? value
            : null;

    /// <summary>
    /// What to change in a string that was apparently meant as a number; empty if there is no advice. Begins with a blank.
    /// </summary>
    public static string Advice(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Any(letter => char.IsDigit(letter) && !char.IsAsciiDigit(letter)))
            return " Use the digits 0 to 9.";
        var isNumeric =
            text.Any(char.IsAsciiDigit)
            && text.All(letter =>
                char.IsAsciiDigit(letter) || letter is '.' or ',' or '_' or '\'' or '’' or '-' or '+' || char.IsWhiteSpace(letter)
            );
        if (!isNumeric)
            return "";
        return text.Contains(',', StringComparison.Ordinal) ? " Use a point for decimals (1.4), and nothing between thousands (10000)."
            : text.Any(letter => letter is '_' or '\'' or '’' || char.IsWhiteSpace(letter)) ? " Write digits without separators: 10000."
            : "";
    }
}
