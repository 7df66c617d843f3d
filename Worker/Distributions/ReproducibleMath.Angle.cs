using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Distributions;

internal static partial class ReproducibleMath
{
    private const double HalfPi = 1.5707963267948966;

    /// <summary>π/2 to 33 bits, so that its product with a whole number below 2^20 is exact.</summary>
    private const double HalfPiHigh = 1.5707963267341256;

    /// <summary>The next 33 bits of π/2, and the remainder.</summary>
    private const double HalfPiMiddle = 6.077100506303966e-11;

    private const double HalfPiLow = 2.0222662487959506e-21;
    private const double TwoOverPi = 0.6366197723675814;

    /// <summary>arctan of eighths from 0 to 1, then of the reciprocals of eighths from 7/8 down to 0.</summary>
    private static ReadOnlySpan<double> Arctangents =>
        [
            0,
            0.12435499454676144,
            0.24497866312686414,
            0.35877067027057225,
            0.4636476090008061,
            0.5585993153435624,
            0.6435011087932844,
            0.7188299996216245,
            0.7853981633974483,
            0.8519663271732721,
            0.9272952180016122,
            1.0121970114513341,
            1.1071487177940904,
            1.2120256565243244,
            1.3258176636680326,
            1.446441332248135,
            1.5707963267948966,
        ];

    /// <summary>The rounding errors of <see cref="Arctangents"/>.</summary>
    private static ReadOnlySpan<double> ArctangentsLow =>
        [
            0,
            -3.1253241424539383e-18,
            1.0698755618734451e-17,
            -2.4623815582638635e-17,
            2.2698777452961687e-17,
            -5.4556305485916264e-18,
            1.5834785051444286e-17,
            -2.1478388444456983e-17,
            3.061616997868383e-17,
            -2.831157406069101e-17,
            4.5397554905923374e-17,
            6.668797050595929e-17,
            9.40447137356638e-17,
            3.034500430874847e-17,
            -8.824429373951136e-17,
            9.211323971545052e-17,
            6.123233995736766e-17,
        ];

    /// <summary>arctan x, between −π/2 and π/2.</summary>
    public static double Atan(double x)
    {
        if (x == 0)
            return x;
        var magnitude = Math.Abs(x);
        if (!(magnitude > 0.125))
            return x + x * AtanExcess(x * x);
        // From the nearest eighth, or from the eighth that is nearest to the reciprocal: tan of a difference, at most 1/16.
        var isSteep = magnitude > 1;
        var k = magnitude > 1e17 ? 0 : Round(8 * (isSteep ? 1 / magnitude : magnitude));
        var eighth = 0.125 * k;
        var tangent =
            magnitude > 1e17 ? 0
            : isSteep ? (eighth * magnitude - 1) / (magnitude + eighth)
            : (magnitude - eighth) / (1 + eighth * magnitude);
        var place = isSteep ? 16 - (int)k : (int)k;
        var angle = Arctangents[place] + (tangent + (ArctangentsLow[place] + tangent * AtanExcess(tangent * tangent)));
        return x < 0 ? -angle : angle;
    }

    /// <summary>The angle of the point (x, y) for y ≥ 0: between 0 and π.</summary>
    public static double UpperAngle(double y, double x)
    {
        var magnitude = Math.Abs(x);
        var acute = magnitude >= y ? Atan(y / magnitude) : HalfPi - Atan(magnitude / y);
        return x >= 0 ? acute : 2 * HalfPi - acute;
    }

    /// <summary>tan x.</summary>
    public static double Tan(double x)
    {
        var (sin, cos) = SinCos(x);
        return sin / cos;
    }

    /// <summary>arcsin x; NaN outside [−1, 1].</summary>
    public static double Asin(double x) => x == 0 ? x : Atan(x / Math.Sqrt((1 - x) * (1 + x)));

    /// <summary>arccos x; NaN outside [−1, 1].</summary>
    public static double Acos(double x) => x == -1 ? 2 * HalfPi : 2 * Atan(Math.Sqrt((1 - x) / (1 + x)));

    /// <summary>sin x and cos x; NaN where x is infinite.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        if (x == 0)
            return (x, 1);
        if (!double.IsFinite(x))
            return (double.NaN, double.NaN);
        if (Math.Abs(x) >= LargeAngle)
        {
            var (quadrant, rest, restLow) = ReducedLargeAngle(x);
            return Turned(quadrant, NearZero(rest, restLow));
        }
        var k = Round(x * TwoOverPi);
        var (high, low) = Add(x - k * HalfPiHigh, -(k * HalfPiMiddle));
        return Turned((long)k, NearZero(high, low - k * HalfPiLow));
    }

    /// <summary>The sine and cosine of an angle, turned by a number of quadrants.</summary>
    private static (double Sin, double Cos) Turned(long quadrants, (double Sin, double Cos) angle)
    {
        var (sin, cos) = angle;
        return (quadrants & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>arctan x / x − 1 as a function of z = x², |x| ≤ 1/8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double AtanExcess(double z)
    {
        var z2 = z * z;
        var z4 = z2 * z2;
        var p01 = 1.0 / 3 - z * (1.0 / 5);
        var p23 = 1.0 / 7 - z * (1.0 / 9);
        var p45 = 1.0 / 11 - z * (1.0 / 13);
        var p67 = 1.0 / 15 - z * (1.0 / 17);
        return -z * (p01 + z2 * p23 + z4 * (p45 + z2 * p67));
    }

    /// <summary>sin and cos of x + tail by their series, |x| ≤ π/4, the tail to first order.</summary>
    private static (double Sin, double Cos) NearZero(double x, double tail)
    {
        var z = x * x;
        var z2 = z * z;
        var z4 = z2 * z2;
        var s01 = 1.0 / 6 - z * (1.0 / 120);
        var s23 = 1.0 / 5040 - z * (1.0 / 362880);
        var s45 = 1.0 / 39916800 - z * (1.0 / 6227020800);
        var s67 = 1.0 / 1307674368000 - z * (1.0 / 355687428096000);
        var c01 = 1.0 / 24 - z * (1.0 / 720);
        var c23 = 1.0 / 40320 - z * (1.0 / 3628800);
        var c45 = 1.0 / 479001600 - z * (1.0 / 87178291200);
        var c67 = 1.0 / 20922789888000 - z * (1.0 / 6402373705728000);
        var half = 0.5 * z;
        var near = 1 - half;
        var sin = x + (tail * near - x * z * (s01 + z2 * s23 + z4 * (s45 + z2 * s67)));
        // 1 − z/2 is rounded; its rounding error is added back with the small terms.
        var cos = near + (1 - near - half + (z2 * (c01 + z2 * c23 + z4 * (c45 + z2 * c67)) - x * tail));
        return (sin, cos);
    }
}
