using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Distributions;

internal static partial class ReproducibleMath
{
    /// <summary>e^x; 0 below −745.14, +∞ above 709.79.</summary>
    public static double Exp(double x) => Exp(x, 0);

    /// <summary>e^x − 1, accurate near 0.</summary>
    public static double Expm1(double x)
    {
        if (x == 0)
            return x;
        var bounded =
            x > 720 ? 720
            : x < -50 ? -50
            : x;
        var (k, q) = ReducedExpm1(bounded, 0);
        // 2^k (q + (1 − 2^−k)): for k = 0 this is q itself, and 1 − 2^−k is exact as long as it matters.
        var half = Round(k * 0.5);
        var down = PowerOfTwo(-(k > 1000 ? 1000 : k));
        return (q + (1 - down)) * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    /// <summary>e^(x + tail) for a tail far smaller than x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Exp(double x, double tail)
    {
        // Beyond these limits the result rounds to 0 or infinity; within them the exponents of the halves of 2^k stay in range.
        var bounded =
            x > 720 ? 720
            : x < -760 ? -760
            : x;
        var (k, q) = ReducedExpm1(bounded, tail);
        var half = Round(k * 0.5);
        return (1 + q) * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    /// <summary>k and e^r − 1 with x = k ln 2 + r, |r| ≤ ln 2 / 2. The rounding error of r is added back to first order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double K, double Q) ReducedExpm1(double x, double tail)
    {
        var k = Round(x * Ln2Inverse);
        var high = x - k * Ln2High;
        var low = k * Ln2Low - tail;
        var r = high - low;
        var lost = high - r - low;
        var r2 = r * r;
        var r4 = r2 * r2;
        // (e^r − 1 − r) / r² = Σ r^n / (n + 2)!, to n = 12, by Estrin's scheme.
        var p01 = 1.0 / 2 + r * (1.0 / 6);
        var p23 = 1.0 / 24 + r * (1.0 / 120);
        var p45 = 1.0 / 720 + r * (1.0 / 5040);
        var p67 = 1.0 / 40320 + r * (1.0 / 362880);
        var p89 = 1.0 / 3628800 + r * (1.0 / 39916800);
        var pab = 1.0 / 479001600 + r * (1.0 / 6227020800);
        var p = p01 + r2 * p23 + r4 * (p45 + r2 * p67 + r4 * (p89 + r2 * pab + r4 * (1.0 / 87178291200)));
        return (k, r + (lost + r2 * p));
    }
}
