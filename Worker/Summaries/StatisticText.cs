using System.Globalization;

namespace HpcFit.Worker.Summaries;

/// <summary>Formats numbers as documented for R's format, formatC and format.pval.</summary>
internal static class StatisticText
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>
    /// Formats numbers in a common notation: enough decimals to show the significant digits of each, without trailing zeros; fixed or
    /// scientific, whichever is shorter.
    /// </summary>
    public static string[] Together(IReadOnlyList<double> values, int digits)
    {
        int decimals = 0,
            mantissa = 0,
            widest = 1,
            widestExponent = 2;
        foreach (var value in values.Where(double.IsFinite))
        {
            var (exponent, significant) = Significant(value, digits);
            decimals = Math.Max(decimals, significant - exponent - 1);
            mantissa = Math.Max(mantissa, significant - 1);
            var sign = value < 0 ? 1 : 0;
            widest = Math.Max(widest, Math.Max(exponent, 0) + 1 + sign);
            widestExponent = Math.Max(widestExponent, Math.Abs(exponent) >= 100 ? 3 : 2);
        }
        var signs = values.Any(value => value < 0) ? 1 : 0;
        var fixedWidth = widest + (decimals > 0 ? decimals + 1 : 0);
        var scientificWidth = signs + 1 + (mantissa > 0 ? mantissa + 1 : 0) + 2 + widestExponent;
        return
        [
            .. values.Select(value =>
                !double.IsFinite(value) ? NotFinite(value)
                : fixedWidth <= scientificWidth ? Fixed(value, decimals)
                : Scientific(value, mantissa)
            ),
        ];
    }

    /// <summary>Formats one number with at most <paramref name="digits"/> significant digits, as C's <c>%g</c>.</summary>
    public static string General(double value, int digits)
    {
        if (!double.IsFinite(value))
            return NotFinite(value);
        var (exponent, significant) = Significant(value, digits);
        return exponent < -4 || exponent >= digits
            ? Scientific(value, significant - 1)
            : Fixed(value, Math.Max(0, significant - exponent - 1));
    }

    /// <summary>
    /// Formats p-values: those of 0.001 and more in one notation, smaller ones in another; below the machine epsilon as a bound.
    /// </summary>
    public static string[] PValues(IReadOnlyList<double> values, int digits)
    {
        var texts = new string[values.Count];
        Fill(value => value >= 1e-3 || double.IsNaN(value));
        Fill(value => value is < 1e-3 and >= Epsilon);
        var longest = texts.Max(text => text?.Length ?? 0);
        var few = Math.Max(1, digits - 2);
        if (few > 1 && longest > 0 && few + 6 > longest)
            few = Math.Max(1, longest - 7);
        var tiny = $"<{(few == 1 && longest <= 6 ? "" : " ")}{General(Epsilon, few)}";
        for (var i = 0; i < texts.Length; i++)
            texts[i] ??= tiny;
        return texts;

        void Fill(Func<double, bool> belongs)
        {
            var places = Enumerable.Range(0, values.Count).Where(i => belongs(values[i])).ToList();
            foreach (var (place, text) in places.Zip(Together([.. places.Select(i => values[i])], digits)))
                texts[place] = text;
        }
    }

    /// <summary>
    /// The decimal exponent of a number rounded to <paramref name="digits"/> significant digits, and the number of digits without trailing
    /// zeros.
    /// </summary>
    private static (int Exponent, int Digits) Significant(double value, int digits)
    {
        if (value == 0)
            return (0, 1);
        var text = Math.Abs(value).ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var kept = text[..at].Replace(".", "", StringComparison.Ordinal).TrimEnd('0').Length;
        return (int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture), kept);
    }

    private static string Fixed(double value, int decimals) =>
        value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Scientific(double value, int decimals) =>
        value.ToString((decimals > 0 ? "0." + new string('0', decimals) : "0") + "e+00", CultureInfo.InvariantCulture);

    private static string NotFinite(double value) =>
        double.IsNaN(value) ? "NA"
        : value > 0 ? "Inf"
        : "-Inf";
}
