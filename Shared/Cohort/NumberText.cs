using System.Globalization;

namespace HpcFit.Shared.Cohort;

/// <summary>Parses and formats numbers as R does.</summary>
public static class NumberText
{
    /// <summary>
    /// The result of as.character(x): at most 15 significant digits, fixed or scientific, whichever is shorter (<c>1e+05</c>,
    /// <c>123456</c>). NaN is written <c>NA</c>: in a cohort it means missing.
    /// </summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NA";
        if (double.IsInfinity(value))
            return value > 0 ? "Inf" : "-Inf";
        if (value == 0)
            return "0";
        var scientific = value.ToString("E14", CultureInfo.InvariantCulture);
        var e = scientific.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = scientific[..e].TrimEnd('0').TrimEnd('.');
        var sign = exponent < 0 ? "-" : "+";
        scientific = $"{mantissa}e{sign}{Math.Abs(exponent):00}";
        var decimals = Math.Max(0, mantissa.Count(char.IsAsciiDigit) - 1 - exponent);
        if (decimals > 330 || exponent > 30)
            return scientific;
        var plain = (
            (decimal.TryParse(mantissa + "E" + exponent, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && exponent > -14)
                ? exact.ToString("F" + decimals, CultureInfo.InvariantCulture)
                : value.ToString("F" + decimals, CultureInfo.InvariantCulture)
        );
        return plain.Length <= scientific.Length ? plain : scientific;
    }

    /// <summary>
    /// Reads a number as R's type.convert: decimal (the digits of an exponent may be missing: <c>1e</c> is 1), <c>0x</c> hexadecimal with
    /// or without a binary exponent, <c>Inf</c>, <c>infinity</c> and <c>NaN</c> in any case except <c>NAN</c>; blanks around it are
    /// allowed.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        text = TrimBlanks(text);
        value = double.NaN;
        if (text.IsEmpty)
            return false;
        var digits = text[0] is '+' or '-' ? text[1..] : text;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return TryHexadecimal(digits[2..], text[0] == '-', out value);
        if (digits.Equals("inf", StringComparison.OrdinalIgnoreCase) || digits.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (digits.Equals("nan", StringComparison.OrdinalIgnoreCase))
            return !digits.StartsWith("NA", StringComparison.Ordinal);
        if (digits.IsEmpty || !(char.IsAsciiDigit(digits[0]) || digits[0] == '.'))
            return false;
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(WithoutEmptyExponent(text), style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>
    /// The text without surrounding blanks (C's isspace); others, such as the no-break space, are part of it, as in R.
    /// </summary>
    internal static ReadOnlySpan<char> TrimBlanks(ReadOnlySpan<char> text) => text.Trim(" \t\n\v\f\r");

    private static ReadOnlySpan<char> WithoutEmptyExponent(ReadOnlySpan<char> text)
    {
        var end = text[^1] is '+' or '-' ? text.Length - 1 : text.Length;
        return end > 1 && text[end - 1] is 'e' or 'E' && (char.IsAsciiDigit(text[end - 2]) || text[end - 2] == '.')
            ? text[..(end - 1)]
            : text;
    }

    /// <summary>
    /// <c>1F</c>, <c>1p3</c>, <c>.8p1</c>. Digits after a point without an exponent, which versions of R read differently, and more than 16
    /// digits are not accepted.
    /// </summary>
    private static bool TryHexadecimal(ReadOnlySpan<char> text, bool isNegative, out double value)
    {
        value = double.NaN;
        var p = text.IndexOfAny('p', 'P');
        var mantissa = p < 0 ? text : text[..p];
        var point = mantissa.IndexOf('.');
        if (point >= 0 && point < mantissa.Length - 1 && p < 0)
            return false;
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (!ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var whole))
            return false;
        var exponent = 0;
        if (
            p >= 0
            && text[(p + 1)..] is { IsEmpty: false } written
            && written is not ("+" or "-")
            && !int.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
        )
            return false;
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        value = Math.ScaleB(whole, Math.Clamp(exponent, -10_000, 10_000) - (4 * fraction)) * (isNegative ? -1 : 1);
        return true;
    }
}
