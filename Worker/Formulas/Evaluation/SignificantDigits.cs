using System.Globalization;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>C's <c>%.Ng</c>, which R's <c>formatC</c> uses.</summary>
internal static class SignificantDigits
{
    /// <summary>More digits than any double has, so that the text is exact.</summary>
    private const int Exact = 1080;

    /// <summary>A finite number with some significant digits, ties of its exact value to even; without trailing zeros.</summary>
    public static string Format(double value, int digits)
    {
        if (value == 0)
            return "0";
        var text = Rounded(Math.Abs(value), digits);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = text[..e].Replace(".", "", StringComparison.Ordinal);
        var sign = value < 0 ? "-" : "";
        return sign + (exponent < -4 || exponent >= digits ? Scientific(mantissa, exponent) : Fixed(mantissa, exponent));
    }

    /// <summary>Mantissa and exponent; .NET rounds ties away from zero, C to even.</summary>
    private static string Rounded(double value, int digits)
    {
        var rounded = value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture);
        var exact = value.ToString("E" + Exact, CultureInfo.InvariantCulture);
        // The digit, the point after the first digit, then what is cut off.
        var kept = digits == 1 ? 1 : digits + 1;
        var cut = exact[kept..exact.IndexOf('E', StringComparison.Ordinal)].TrimStart('.').TrimEnd('0');
        var isTieAboveEven = cut == "5" && (exact[kept - 1] - '0') % 2 == 0;
        return isTieAboveEven ? exact[..kept] + exact[exact.IndexOf('E', StringComparison.Ordinal)..] : rounded;
    }

    private static string Scientific(string mantissa, int exponent)
    {
        var decimals = mantissa[1..].TrimEnd('0');
        var sign = exponent < 0 ? "-" : "+";
        return $"{mantissa[0]}{(decimals.Length > 0 ? "." : "")}{decimals}e{sign}{Math.Abs(exponent):00}";
    }

    private static string Fixed(string mantissa, int exponent)
    {
        var padded = exponent < 0 ? new string('0', -exponent) + mantissa : mantissa;
        var whole = Math.Max(exponent, 0) + 1;
        var decimals = padded[whole..].TrimEnd('0');
        return padded[..whole] + (decimals.Length > 0 ? "." + decimals : "");
    }
}
