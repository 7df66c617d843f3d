namespace HpcFit.Worker.Distributions;

internal static partial class ReproducibleMath
{
    private const double Log2E = 1.4426950408889634;
    private const double Log2ELow = 2.0355273740931033e-17;
    private const double Log10E = 0.4342944819032518;
    private const double Log10ELow = 1.098319650216765e-17;

    /// <summary>The logarithm to base 2, exact at powers of two; −∞ at ±0, NaN below.</summary>
    public static double Log2(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
            return LogSpecial(x, 0);
        var (k, m) = SplitExponent(x);
        var (high, low) = LogOfFraction(m - 1);
        var (product, tail) = Multiply(high, low, Log2E, Log2ELow);
        var (sum, rest) = Add(k, product);
        return sum + (rest + tail);
    }

    /// <summary>The logarithm to base 10, exact at powers of ten; −∞ at ±0, NaN below.</summary>
    public static double Log10(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
            return LogSpecial(x, 0);
        var (high, low) = LogInTwoParts(x);
        var (product, tail) = Multiply(high, low, Log10E, Log10ELow);
        return product + tail;
    }

    /// <summary>
    /// x^y with the special values of IEEE 754's pow: 1 for y = 0 or x = 1 even if the other is NaN, NaN for a negative x and a noninteger
    /// y.
    /// </summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
            return 1;
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.NaN;
        if (double.IsInfinity(y))
            return PowInfinite(Math.Abs(x), y);
        var isOdd = Math.Abs(y) < 9007199254740992 && Math.Floor(y * 0.5) * 2 != Math.Floor(y) && y == Math.Floor(y);
        var sign = isOdd && double.IsNegative(x) ? -1.0 : 1.0;
        if (x == 0 || double.IsInfinity(x))
            return sign * ((x == 0) == (y > 0) ? 0 : double.PositiveInfinity);
        if (x < 0 && y != Math.Floor(y))
            return double.NaN;
        var (high, low) = LogInTwoParts(Math.Abs(x));
        // Beyond 2^64 only x = −1 gives a finite power other than 0; the limit keeps the splitting below from overflowing.
        var bounded =
            y > 18446744073709551616.0 ? 18446744073709551616.0
            : y < -18446744073709551616.0 ? -18446744073709551616.0
            : y;
        var (product, tail) = Multiply(high, low, bounded, 0);
        return sign * Exp(product, Math.Abs(product) < 800 ? tail : 0);
    }

    private static double PowInfinite(double magnitude, double y) =>
        magnitude == 1 ? 1
        : (magnitude > 1) == (y > 0) ? double.PositiveInfinity
        : 0;

    /// <summary>ln x as an unevaluated sum, to about 2^-62 of it.</summary>
    private static (double High, double Low) LogInTwoParts(double x)
    {
        var (k, m) = SplitExponent(x);
        var (high, low) = LogOfFraction(m - 1);
        var (sum, rest) = Add(k * Ln2High, high);
        var (kLow, kTail) = (k * Ln2Low, low + rest);
        return Add(sum, kLow + kTail);
    }

    /// <summary>ln(1 + f) as an unevaluated sum, √½ ≤ 1 + f &lt; √2.</summary>
    private static (double High, double Low) LogOfFraction(double f)
    {
        // s = f / (2 + f) in two parts: the quotient, and the remainder of f.
        var (divisor, divisorLow) = Add(2, f);
        var s = f / divisor;
        var (product, productLow) = Product(s, divisor);
        var sLow = (f - product - productLow - s * divisorLow) / divisor;
        // 2 s + s · z (2/3 + z R): the leading z · 2/3 in two parts, because it can reach a fiftieth of the sum.
        var (z, zLow) = Product(s, s);
        zLow += 2 * s * sLow;
        var series = ArtanhSeriesBeyondFirst(z);
        var (cubic, cubicLow) = Product(z, 2.0 / 3);
        cubicLow += zLow * (2.0 / 3) + z * 3.700743415417188e-17;
        var (factor, factorLow) = Add(2, cubic);
        (factor, var rest) = Add(factor, series);
        return Multiply(s, sLow, factor, factorLow + cubicLow + rest);
    }

    /// <summary>2 (z²/5 + z³/7 + …).</summary>
    private static double ArtanhSeriesBeyondFirst(double z)
    {
        var sum = 0.0;
        for (var odd = 25; odd >= 5; odd -= 2)
            sum = (sum + 2.0 / odd) * z;
        return sum * z;
    }

    /// <summary>The rounded sum and its error (Knuth).</summary>
    private static (double Sum, double Error) Add(double x, double y)
    {
        var sum = x + y;
        var part = sum - x;
        return (sum, x - (sum - part) + (y - part));
    }

    /// <summary>The rounded product and its error (Dekker 1971, Veltkamp's splitting).</summary>
    private static (double Product, double Error) Product(double x, double y)
    {
        var product = x * y;
        var (xHigh, xLow) = Split(x);
        var (yHigh, yLow) = Split(y);
        return (product, xHigh * yHigh - product + xHigh * yLow + xLow * yHigh + xLow * yLow);
    }

    private static (double High, double Low) Multiply(double high, double low, double factor, double factorLow)
    {
        var (product, rest) = Product(high, factor);
        return Add(product, rest + (high * factorLow + low * factor));
    }

    private static (double High, double Low) Split(double x)
    {
        var scaled = 134217729.0 * x;
        var high = scaled - (scaled - x);
        return (high, x - high);
    }
}
