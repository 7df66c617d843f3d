using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// The standard normal score of a statistic: the z whose upper tail has the same probability. Tails are computed as logarithms, so that a
/// score does not end where a probability underflows. NaN for NaN. Accurate to 1e-10.
/// </summary>
/// <remarks>
/// The worker's <c>NormalScores</c> has the same definition. It is built from tails in vector registers with the same bits everywhere,
/// which the coordinator does not have and, for some hundred maxima that it compares, does not need.
/// </remarks>
internal static class NormalScore
{
    private const double SmallestLog = -700;
    private const double Tiny = 1e-300;
    private const int MaxTerms = 10_000;

    /// <summary>The score of t, which has its sign.</summary>
    public static double OfT(double t, double degrees) =>
        t == 0 || double.IsInfinity(t) || double.IsInfinity(degrees)
            ? t
            : Math.CopySign(OfLogTail(Math.Log(0.5) + LogUpperTail(t * t, 1, degrees)), t);

    /// <summary>The score of F: of its upper tail, so it is negative for an F below the median.</summary>
    public static double OfF(double f, double numerator, double denominator)
    {
        if (f == 0 || double.IsPositiveInfinity(f))
            return f == 0 ? double.NegativeInfinity : f;
        var (upper, lower) = (LogUpperTail(f, numerator, denominator), LogLowerTail(f, numerator, denominator));
        return upper <= lower ? OfLogTail(upper) : -OfLogTail(lower);
    }

    private static double LogUpperTail(double f, double numerator, double denominator) =>
        LogIncompleteBeta(
            denominator / 2,
            numerator / 2,
            -SpecialFunctions.Log1p(numerator * f / denominator),
            -SpecialFunctions.Log1p(denominator / (numerator * f))
        );

    private static double LogLowerTail(double f, double numerator, double denominator) =>
        LogIncompleteBeta(
            numerator / 2,
            denominator / 2,
            -SpecialFunctions.Log1p(denominator / (numerator * f)),
            -SpecialFunctions.Log1p(numerator * f / denominator)
        );

    /// <summary>
    /// The logarithm of the regularised incomplete beta function, by the continued fraction that converges (NIST Handbook, 8.17.22).
    /// </summary>
    /// <param name="a">The first parameter.</param>
    /// <param name="b">The second one.</param>
    /// <param name="logX">The logarithm of x.</param>
    /// <param name="logY">That of 1 - x.</param>
    private static double LogIncompleteBeta(double a, double b, double logX, double logY)
    {
        var factor = (a * logX) + (b * logY) - SpecialFunctions.BetaLn(a, b);
        return Math.Exp(logX) <= (a + 1) / (a + b + 2)
            ? factor - Math.Log(a * Fraction(a, b, Math.Exp(logX)))
            : SpecialFunctions.Log1p(-Math.Exp(factor) / (b * Fraction(b, a, Math.Exp(logY))));
    }

    /// <summary>The continued fraction's value, from above (modified Lentz).</summary>
    private static double Fraction(double a, double b, double x)
    {
        var (value, c, d) = (1.0, 1.0, 0.0);
        for (var term = 1; term <= MaxTerms; term++)
        {
            var m = term / 2;
            var numerator =
                term % 2 == 0
                    ? m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)))
                    : -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (numerator * d));
            c = NotZero(1 + (numerator / c));
            value *= c * d;
            if (Math.Abs((c * d) - 1) < 1e-16)
                break;
        }
        return value;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    /// <summary>The z of at least 0 whose upper tail has a logarithm.</summary>
    private static double OfLogTail(double log)
    {
        var z = log > SmallestLog ? -Normal.InvCDF(0, 1, Math.Exp(log)) : Math.Sqrt(-2 * log);
        for (var step = 0; z > 5 && step < 4; step++)
        {
            var mills = Mills(z);
            z += (LogDensity(z) + Math.Log(mills) - log) * mills;
        }
        return z;
    }

    private static double LogDensity(double z) => -((z * z) + Math.Log(2 * Math.PI)) / 2;

    /// <summary>Upper tail over density, by Laplace's continued fraction, for z above 5.</summary>
    private static double Mills(double z)
    {
        var value = z;
        for (var term = 60; term > 0; term--)
            value = z + (term / value);
        return 1 / value;
    }
}
