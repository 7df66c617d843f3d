using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Distributions;

internal static partial class ReproducibleMath
{
    private const long OneBits = 0x3FF0000000000000;
    private const long SqrtHalfBits = 0x3FE6A09E667F3BCD;
    private const double SmallestNormal = 2.2250738585072014E-308;

    /// <summary>The natural logarithm; −∞ at ±0, NaN below.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
            return LogSpecial(x, 0);
        var (k, m) = SplitExponent(x);
        return LogNearOne(k, m - 1, 0);
    }

    /// <summary>ln(1 + x), accurate near 0; −∞ at −1, NaN below.</summary>
    public static double Log1p(double x)
    {
        if (x == 0)
            return x;
        if (!(x > -1) || double.IsPositiveInfinity(x))
            return LogSpecial(x, -1);
        var u = 1 + x;
        // The relative rounding error of 1 + x.
        var lost = (x > 1 ? 1 - (u - x) : x - (u - 1)) / u;
        var (k, m) = SplitExponent(u);
        return k == 0 ? LogNearOne(k, x, 0) : LogNearOne(k, m - 1, lost);
    }

    /// <summary>k and m with x = m · 2^k, √½ ≤ m &lt; √2, for positive finite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double K, double M) SplitExponent(double x)
    {
        var below = 0.0;
        if (x < SmallestNormal)
        {
            x *= 18014398509481984.0;
            below = 54;
        }
        var shifted = BitConverter.DoubleToInt64Bits(x) + (OneBits - SqrtHalfBits);
        var m = (shifted & 0x000FFFFFFFFFFFFF) + SqrtHalfBits;
        return ((shifted >> 52) - 1023 - below, BitConverter.Int64BitsToDouble(m));
    }

    /// <summary>k ln 2 + ln(1 + f) + lost, with ln(1 + f) = 2 artanh(f / (2 + f)) by its series, 1 + f between √½ and √2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double LogNearOne(double k, double f, double lost)
    {
        var s = f / (2 + f);
        // ln(1 + f) = f − f²/2 + s (f²/2 + series): the leading f is exact, so only small terms are rounded.
        var half = 0.5 * f * f;
        return k * Ln2High - (half - (s * (half + ArtanhSeries(s * s)) + (k * Ln2Low + lost)) - f);
    }

    /// <summary>2 (artanh s / s − 1) as a function of z = s², |s| ≤ 0.1716.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ArtanhSeries(double z)
    {
        var z2 = z * z;
        var z4 = z2 * z2;
        var p01 = 2.0 / 3 + z * (2.0 / 5);
        var p23 = 2.0 / 7 + z * (2.0 / 9);
        var p45 = 2.0 / 11 + z * (2.0 / 13);
        var p67 = 2.0 / 15 + z * (2.0 / 17);
        var p89 = 2.0 / 19 + z * (2.0 / 21);
        return z * (p01 + z2 * p23 + z4 * (p45 + z2 * p67 + z4 * (p89 + z2 * (2.0 / 23))));
    }

    private static double LogSpecial(double x, double pole) =>
        x == pole ? double.NegativeInfinity
        : x > pole ? x
        : double.NaN;
}
