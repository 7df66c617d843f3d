namespace HpcFit.Worker.Distributions;

/// <summary>The standard normal distribution, with the same bits on every processor.</summary>
/// <remarks>
/// The lower tail at −x is ½ e^(−x²/2) erfcx(x/√2), and (1 + 2z) erfcx(z) is a Chebyshev series in t = (z − 3.75) / (z + 3.75) (Shepherd
/// and Laframboise 1981, Math. Comp. 36, 249-253); its coefficients were computed with mpmath 1.3 to 40 digits.
/// </remarks>
internal static class StandardNormal
{
    private const double SqrtHalf = 0.7071067811865476;
    private const double InverseSqrtTwoPi = 0.3989422804014327;
    private const double Middle = 3.75;

    private static ReadOnlySpan<double> Series =>
        [
            1.1775789345674017,
            -0.004590054580646478,
            -0.08424913336651792,
            0.05920993999819189,
            -0.026658668435305753,
            0.009074997670705265,
            -0.002413163540417608,
            0.0004907758365258086,
            -6.916973302501207e-05,
            4.13902798607301e-06,
            7.74038306619849e-07,
            -2.1886401049234397e-07,
            1.076499946567091e-08,
            4.521959811218287e-09,
            -7.754400208831351e-10,
            -6.318088340886684e-11,
            2.86879501093067e-11,
            1.9455868545777347e-13,
            -9.65469674843344e-13,
            3.25254814814874e-14,
            3.3478119482868056e-14,
            -1.864562880419313e-15,
            -1.2507950530688648e-15,
            7.418235256624044e-17,
            5.068148904796111e-17,
            -2.2370566594359995e-18,
            -2.187342944303018e-18,
        ];

    /// <summary>The density φ(x).</summary>
    public static double Density(double x) => InverseSqrtTwoPi * ReproducibleMath.Exp(-0.5 * x * x);

    /// <summary>P(X ≤ x), with relative accuracy also in the lower tail.</summary>
    public static double LowerP(double x)
    {
        if (double.IsNaN(x))
            return x;
        var tail = TailBeyond(Math.Abs(x));
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>The x with P(X ≤ x) = p, to a few units in the last place; ±∞ at 0 and 1, NaN outside.</summary>
    /// <remarks>Abramowitz and Stegun 26.2.23 (error 4.5e-4), then Halley's steps on the lower tail.</remarks>
    public static double Quantile(double p)
    {
        if (!(p > 0 && p < 1))
            return p == 0 ? double.NegativeInfinity
                : p == 1 ? double.PositiveInfinity
                : double.NaN;
        var tail = Math.Min(p, 1 - p);
        var t = Math.Sqrt(-2 * ReproducibleMath.Log(tail));
        var x = t - ((2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
        for (var step = 0; step < 3; step++)
        {
            var change = (TailBeyond(x) - tail) / Density(x);
            x += change / (1 - (0.5 * x * change));
        }
        return p < 0.5 ? -x : x;
    }

    /// <summary>P(X > x) for x ≥ 0, and a little below.</summary>
    private static double TailBeyond(double x)
    {
        if (x > 39)
            return 0;
        var z = x * SqrtHalf;
        var t = (z - Middle) / (z + Middle);
        double next = 0,
            afterNext = 0;
        for (var k = Series.Length - 1; k > 0; k--)
            (next, afterNext) = ((2 * t * next) - afterNext + Series[k], next);
        var scaled = ((t * next) - afterNext + Series[0]) / (1 + (2 * z));
        return 0.5 * scaled * ReproducibleMath.Exp(-0.5 * x * x);
    }
}
