using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>The derivatives of ln Γ(x) for x > 0, to about 1e-15 relative to the larger of 1 and the value.</summary>
/// <remarks>Abramowitz and Stegun 6.3.5, 6.4.6 (recurrence), 6.3.18 and 6.4.12 (asymptotic series, here from 15).</remarks>
internal static class Polygamma
{
    private const double SeriesFrom = 15;

    /// <summary>ψ(x), the first derivative.</summary>
    public static double Digamma(double x)
    {
        var below = 0.0;
        for (; x < SeriesFrom; x += 1)
            below += 1 / x;
        var z = 1 / (x * x);
        var series =
            z
            * ((1.0 / 12) - (z * ((1.0 / 120) - (z * ((1.0 / 252) - (z * ((1.0 / 240) - (z * ((1.0 / 132) - (z * (691.0 / 32760)))))))))));
        return ReproducibleMath.Log(x) - (0.5 / x) - series - below;
    }

    /// <summary>ψ'(x), the second derivative.</summary>
    public static double Trigamma(double x)
    {
        var below = 0.0;
        for (; x < SeriesFrom; x += 1)
            below += 1 / (x * x);
        var z = 1 / (x * x);
        var series = (1.0 / 6) - (z * ((1.0 / 30) - (z * ((1.0 / 42) - (z * ((1.0 / 30) - (z * ((5.0 / 66) - (z * (691.0 / 2730))))))))));
        return (1 / x) + (z / 2) + (z / x * series) + below;
    }
}
