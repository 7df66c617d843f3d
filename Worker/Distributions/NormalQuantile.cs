namespace HpcFit.Worker.Distributions;

/// <summary>Quantiles of the standard normal distribution, from logarithms of tails so that none underflows.</summary>
/// <remarks>
/// Wichura (1988), Applied Statistics 37:477, algorithm AS 241 (PPND16), relative error about 1e-16; beyond its range, Newton steps on the
/// asymptotic series of the tail (Abramowitz and Stegun 26.2.12).
/// </remarks>
internal static class NormalQuantile
{
    private const double LogTwoPi = 1.8378770664093454836;
    private const double LogHalf = -0.69314718055994530942;

    /// <summary>The largest √(-log p) of the algorithm.</summary>
    private const double Range = 27;

    private static readonly double[] CentreAbove =
    [
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ];
    private static readonly double[] CentreBelow =
    [
        1,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ];
    private static readonly double[] MiddleAbove =
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ];
    private static readonly double[] MiddleBelow =
    [
        1,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ];
    private static readonly double[] FarAbove =
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ];
    private static readonly double[] FarBelow =
    [
        1,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ];

    /// <summary>z with P(Z ≥ z) = p, for p up to 1/2: z ≥ 0.</summary>
    /// <param name="logP">log p, at most log 1/2; NaN gives NaN.</param>
    public static double UpperTail(double logP)
    {
        if (double.IsNegativeInfinity(logP))
            return double.PositiveInfinity;
        if (logP >= LogHalf)
            return 0;
        var p = ReproducibleMath.Exp(logP);
        if (p >= 0.075)
        {
            var q = 0.5 - p;
            var r = 0.180625 - (q * q);
            return q * Ratio(CentreAbove, CentreBelow, r);
        }
        var root = Math.Sqrt(-logP);
        return root <= 5 ? Ratio(MiddleAbove, MiddleBelow, root - 1.6)
            : root <= Range ? Ratio(FarAbove, FarBelow, root - 5)
            : Beyond(logP);
    }

    /// <summary>Solves log P(Z ≥ z) = log φ(z) - log z + log(1 - z⁻² + 3 z⁻⁴ - 15 z⁻⁶) by Newton's method; z is above 38.</summary>
    private static double Beyond(double logP)
    {
        var z = Math.Sqrt(-2 * logP);
        for (var step = 0; step < 8; step++)
        {
            var inverse = 1 / (z * z);
            var series = 1 - (inverse * (1 - (inverse * (3 - (15 * inverse)))));
            var tail = (-0.5 * ((z * z) + LogTwoPi)) - ReproducibleMath.Log(z) + ReproducibleMath.Log(series);
            z += (tail - logP) * series / z;
        }
        return z;
    }

    private static double Ratio(double[] above, double[] below, double x)
    {
        double numerator = 0,
            denominator = 0;
        for (var i = above.Length - 1; i >= 0; i--)
        {
            numerator = (numerator * x) + above[i];
            denominator = (denominator * x) + below[i];
        }
        return numerator / denominator;
    }
}
