namespace HpcFit.Worker.Distributions;

internal static partial class ReproducibleMath
{
    private const double HalfLogTwoPi = 0.9189385332046728;
    private const double OneMinusEuler = 0.42278433509846713;

    /// <summary>From this value on, the seven terms of Stirling's series that are used are exact to double precision.</summary>
    private const double StirlingFrom = 16;

    /// <summary>(−1)^n (ζ(n) − 1) / n for n = 2, 3, …; from mpmath 1.3: (-1)**n*(zeta(n)-1)/n.</summary>
    private static ReadOnlySpan<double> ZetaTerms =>
        [
            0.3224670334241132,
            -0.0673523010531981,
            0.020580808427784546,
            -0.007385551028673986,
            0.0028905103307415234,
            -0.001192753911703261,
            0.0005096695247430425,
            -0.00022315475845357939,
            9.945751278180853e-05,
            -4.492623673813314e-05,
            2.050721277567069e-05,
            -9.439488275268397e-06,
            4.374866789907488e-06,
            -2.039215753801366e-06,
            9.55141213040742e-07,
            -4.492469198764566e-07,
            2.1207184805554665e-07,
            -1.0043224823968099e-07,
            4.7698101693639804e-08,
            -2.2711094608943164e-08,
            1.0838659214896955e-08,
            -5.183475041970047e-09,
            2.4836745438024785e-09,
            -1.1921401405860912e-09,
            5.731367241678862e-10,
            -2.7595228851242334e-10,
            1.330476437424449e-10,
        ];

    /// <summary>ln Γ(x) for x > 0, with relative accuracy even near its zeros at 1 and 2; +∞ at 0 and +∞, NaN below 0.</summary>
    public static double LogGamma(double x)
    {
        if (!(x > 0))
            return x == 0 ? double.PositiveInfinity : double.NaN;
        if (double.IsPositiveInfinity(x))
            return x;
        if (x < 0.5)
            return LogGamma(x + 1) - Log(x);
        if (x < 1.5)
            return LogGammaOfTwoPlus(x - 1) - Log1p(x - 1);
        if (x < 2.5)
            return LogGammaOfTwoPlus(x - 2);
        if (x >= StirlingFrom)
            return (x - 0.5) * (Log(x) - 1) + (HalfLogTwoPi - 0.5 + StirlingSeries(x));
        var product = 1.0;
        for (; x >= 2.5; product *= x)
            x -= 1;
        return LogGammaOfTwoPlus(x - 2) + Log(product);
    }

    /// <summary>Δ(x) = ln Γ(x) − (x − ½) ln x + x − ½ ln 2π for x > 0, to an absolute 2e-15.</summary>
    /// <remarks>Stirling's series, Abramowitz and Stegun 6.1.41; below 16 by the recurrence of Γ.</remarks>
    public static double StirlingCorrection(double x)
    {
        var below = 0.0;
        for (; x < StirlingFrom; x += 1)
            below += StirlingStep(x);
        return below + StirlingSeries(x);
    }

    /// <summary>Δ(x) − Δ(x + 1) = (x + ½) ln(1 + 1/x) − 1.</summary>
    private static double StirlingStep(double x)
    {
        if (x < 1)
            return (x + 0.5) * (Log1p(x) - Log(x)) - 1;
        // With s = 1 / (2x + 1), (x + ½) ln(1 + 1/x) = artanh(s) / s: no cancellation.
        var s = 1 / (2 * x + 1);
        return ArtanhExcess(s * s);
    }

    private static double StirlingSeries(double x)
    {
        var inverse = 1 / x;
        var z = inverse * inverse;
        return inverse
            * (
                1.0 / 12
                + z * (-1.0 / 360 + z * (1.0 / 1260 + z * (-1.0 / 1680 + z * (1.0 / 1188 + z * (-691.0 / 360360 + z * (1.0 / 156))))))
            );
    }

    /// <summary>φ(e) = e − ln(1 + e) for −0.4 &lt; e &lt; 0.6, with relative accuracy.</summary>
    public static double LogDivergence(double e)
    {
        // With s = e / (2 + e), ln(1 + e) = 2 artanh(s) and e − 2s = e s.
        var s = e / (2 + e);
        return s * (e - 2 * ArtanhExcess(s * s));
    }

    /// <summary>artanh(s) / s − 1 = z/3 + z²/5 + … for z = s² up to 1/9.</summary>
    private static double ArtanhExcess(double z)
    {
        var z2 = z * z;
        var z4 = z2 * z2;
        var p0 = 1.0 / 3 + z * (1.0 / 5) + z2 * (1.0 / 7 + z * (1.0 / 9));
        var p4 = 1.0 / 11 + z * (1.0 / 13) + z2 * (1.0 / 15 + z * (1.0 / 17));
        var p8 = 1.0 / 19 + z * (1.0 / 21) + z2 * (1.0 / 23 + z * (1.0 / 25));
        var p12 = 1.0 / 27 + z * (1.0 / 29) + z2 * (1.0 / 31 + z * (1.0 / 33));
        return z * (p0 + z4 * (p4 + z4 * (p8 + z4 * p12)));
    }

    /// <summary>ln Γ(2 + z) for |z| ≤ ½: Abramowitz and Stegun 6.1.33.</summary>
    private static double LogGammaOfTwoPlus(double z)
    {
        var sum = 0.0;
        var terms = ZetaTerms;
        for (var n = terms.Length - 1; n >= 0; n--)
            sum = sum * z + terms[n];
        return z * (OneMinusEuler + z * sum);
    }
}
