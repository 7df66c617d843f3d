using System.Globalization;

namespace HpcFit.Shared.Cohort;

/// <summary>Reads and writes numbers as R does.</summary>
public static class NumberText
{
    /// <summary>
    /// The text of as.character(x): at most 15 significant digits, fixed or scientific, whichever is shorter (<c>1e+05</c>, <c>123456</c>).
    /// NaN is written <c>NA</c>: in a cohort it means missing.
    /// </summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value)) return "NA";
        if (double.IsInfinity(value)) return value > 0 ? "Inf" : "-Inf";
        if (value == 0) return "0";
        var scientific = value.ToString("E14", CultureInfo.InvariantCulture);
        var e = scientific.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = scientific[..e].TrimEnd('0').TrimEnd('.');
        var sign = exponent < 0 ? "-" : "+";
        scientific = $"{mantissa}e{sign}{Math.Abs(exponent):00}";
        var decimals = Math.Max(0, mantissa.Count(char.IsAsciiDigit) - 1 - exponent);
        if (decimals > 330 || exponent > 30) return scientific;
        var plain = ((decimal.TryParse(mantissa + "E" + exponent, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && exponent > -14)
            ? exact.ToString("F" + decimals, CultureInfo.InvariantCulture)
            : value.ToString("F" + decimals, CultureInfo.InvariantCulture));
        return plain.Length <= scientific.Length ? plain : scientific;
    }

    /// <summary>
    /// Reads a number as R's type.convert: decimal, <c>0x</c> hexadecimal, <c>Inf</c>, <c>infinity</c> and <c>NaN</c>, blanks around allowed.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        text = text.Trim();
        value = double.NaN;
        if (text.IsEmpty) return false;
        var digits = text[0] is '+' or '-' ? text[1..] : text;
        var sign = text[0] == '-' ? -1.0 : 1.0;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            if (!ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)) return false;
            value = sign * hex;
            return true;
        }
        if (digits.Equals("inf", StringComparison.OrdinalIgnoreCase) || digits.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = sign * double.PositiveInfinity;
            return true;
        }
        if (digits.SequenceEqual("NaN")) return true;
        if (digits.IsEmpty || !(char.IsAsciiDigit(digits[0]) || digits[0] == '.')) return false;
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out value);
    }
}
