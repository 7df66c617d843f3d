namespace HpcFit.Worker.Gam.Algebra;

/// <summary>
/// Logarithm and exponential of basic operations only, so that every processor gives the same bits (the C library's differ between
/// versions). Accurate to about 2 ulp, which the criteria and radial functions need no more of.
/// </summary>
/// <remarks>Muller, Elementary Functions (3rd ed. 2016), ch. 11: argument reduction by powers of two, then a series of fixed length.</remarks>
internal static class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>The natural logarithm; -∞ at 0, NaN below.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;
        var exponent = Math.ILogB(x);
        var mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }
        // ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.1716: s^25 / 25 is below a unit in the last place.
        var f = mantissa - 1;
        var s = f / (2 + f);
        var z = s * s;
        var series = 0.0;
        for (var odd = 23; odd >= 3; odd -= 2) series = (series + 1.0 / odd) * z;
        return exponent * Ln2High + (2 * s + (2 * s * series + exponent * Ln2Low));
    }

    /// <summary>The exponential function.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.7) return double.PositiveInfinity;
        if (x < -740) return 0;
        var k = Math.Round(x * 1.4426950408889634);
        var r = x - k * Ln2High - k * Ln2Low;
        var sum = 1.0;
        for (var n = 16; n >= 1; n--) sum = 1 + sum * r / n;
        return Math.ScaleB(sum, (int)k);
    }
}
