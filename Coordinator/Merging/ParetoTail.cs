using MathNet.Numerics;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// A generalised Pareto distribution of the largest statistics above a threshold, by which p-values below the least fraction of shuffles
/// are estimated (Knijnenburg et al. 2009; Winkler et al. 2016): docs/decisions/pareto-tail.md. The survival function of an excess y is
/// (1 - k y / a)^(1/k) with k below 0, or exp(-y / a) for k = 0.
/// </summary>
/// <param name="Threshold">The statistic above which the distribution holds.</param>
/// <param name="Shape">k, at most 0.</param>
/// <param name="Scale">a.</param>
/// <param name="Fraction">The fraction of shuffles with a maximum above the threshold.</param>
internal sealed record ParetoTail(double Threshold, double Shape, double Scale, double Fraction)
{
    /// <summary>Fractions of shuffles of at least this are used as they are.</summary>
    public const double MostP = 0.10;

    /// <summary>A p whose 95 % interval reaches further than this factor, in either direction, is an extrapolation.</summary>
    public const double MostError = 10;

    /// <summary>The quantile of the normal distribution for an interval of 95 %.</summary>
    private const double Interval = 1.959963984540054;

    /// <summary>The step of the logarithm of p in which <see cref="LeastP"/> is sought: 2 % of p.</summary>
    private const double LogStep = 0.02;

    /// <summary>Shapes of at most this have no standard error by moments: the variance of the excesses' variance is infinite.</summary>
    private const double LeastShape = -0.25;

    private const int FirstPercentile = 75;
    private const int LeastExcesses = 20;
    private const double Level = 0.05;
    private const int Simulations = 999;
    private const ulong Seed = 0x5EED;

    /// <summary>
    /// Fits the distribution to the largest quarter of the maxima, or to fewer until the fit is good; null: none is good.
    /// </summary>
    /// <param name="ascending">The maxima of the shuffles without the identity, ascending, without NaN.</param>
    public static ParetoTail? Fit(ReadOnlySpan<double> ascending)
    {
        for (var percentile = FirstPercentile; percentile < 100; percentile++)
        {
            var first = (int)Math.Ceiling(ascending.Length * (percentile / 100.0));
            if (first < 1 || ascending.Length - first < LeastExcesses)
                return null;
            var threshold = (ascending[first - 1] + ascending[first]) / 2;
            var excesses = ascending[first..].ToArray();
            for (var i = 0; i < excesses.Length; i++)
                excesses[i] -= threshold;
            // Values that tie with the threshold, or all with each other, have no distribution.
            if (excesses[0] <= 0 || excesses[0] == excesses[^1])
                continue;
            var (shape, scale) = Moments(excesses);
            if (IsGood(excesses, shape, scale))
                return new(threshold, shape, scale, (double)excesses.Length / ascending.Length) { Excesses = excesses.Length };
        }
        return null;
    }

    /// <summary>The number of maxima above the threshold.</summary>
    public required int Excesses { get; init; }

    /// <summary>
    /// The least p that the shuffles support. Smaller ones are extrapolated: they are below the least fraction of shuffles, and their 95 %
    /// interval reaches further than a factor of <see cref="MostError"/>. Rounded upwards to two digits, so that the limit can be stated.
    /// </summary>
    /// <remarks>The standard error grows without bound as p decreases, so the search ends.</remarks>
    public double LeastP
    {
        get
        {
            var logP = -Math.Log((Excesses / Fraction) + 1); // one of all shuffles, the identity among them
            while (Interval * StandardError(logP) < Math.Log(MostError))
                logP -= LogStep;
            var scale = Math.Pow(10, 1 - Math.Floor(logP / Math.Log(10)));
            return Math.Ceiling(Math.Exp(logP) * scale) / scale;
        }
    }

    /// <summary>The natural logarithm of the p of a statistic above the threshold.</summary>
    public double LogP(double statistic) => Math.Log(Fraction) + LogSurvival(statistic - Threshold, Shape, Scale);

    /// <summary>
    /// Shape and scale by the method of moments (Hosking and Wallis 1987). Shapes with an upper bound, beyond which p would be 0, are
    /// replaced by 0, which is conservative.
    /// </summary>
    private static (double Shape, double Scale) Moments(double[] values)
    {
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        var ratio = mean * mean / variance;
        return ratio < 1 ? ((ratio - 1) / 2, mean * (ratio + 1) / 2) : (0, mean);
    }

    /// <summary>
    /// The standard error of log p by the delta method, from the asymptotic covariance of scale and shape by moments (Hosking and Wallis
    /// 1987) and that of the fraction above the threshold; infinite where the shape has none.
    /// </summary>
    /// <param name="logP">The natural logarithm of p, below that of the fraction.</param>
    public double StandardError(double logP)
    {
        if (Shape <= LeastShape)
            return double.PositiveInfinity;
        var (k, log) = (Shape, logP - Math.Log(Fraction));
        // With z = y / a, the excess at this p in units of the scale: derivatives of log S by log a and by k.
        var z = k == 0 ? -log : -ExpMinusOne(k * log) / k;
        var byScale = z / (1 - (k * z));
        var byShape = k == 0 ? -z * z / 2 : -(log + byScale) / k;
        var common = (1 + k) * (1 + k) / ((1 + (2 * k)) * (1 + (3 * k)) * (1 + (4 * k)));
        var ofScale = 2 * (1 + (6 * k) + (12 * k * k));
        var ofBoth = (1 + (2 * k)) * (1 + (4 * k) + (12 * k * k));
        var ofShape = (1 + (2 * k)) * (1 + (2 * k)) * (1 + k + (6 * k * k));
        var variance = common * ((byScale * byScale * ofScale) + (2 * byScale * byShape * ofBoth) + (byShape * byShape * ofShape));
        return Math.Sqrt((variance + 1 - Fraction) / Excesses);
    }

    private static double LogSurvival(double excess, double shape, double scale) =>
        shape == 0 ? -excess / scale : SpecialFunctions.Log1p(-shape * excess / scale) / shape;

    /// <summary>
    /// Whether the Anderson-Darling statistic is among the lower 95 % of those of samples from the distribution, fitted likewise. Decides
    /// as soon as it is certain.
    /// </summary>
    private static bool IsGood(double[] excesses, double shape, double scale)
    {
        var (statistic, random, sample) = (AndersonDarling(excesses, shape, scale), new SplitMix(Seed), new double[excesses.Length]);
        var (larger, least) = (0, (int)Math.Floor(Level * (Simulations + 1)));
        for (var left = Simulations; left > 0 && larger < least && larger + left >= least; left--)
        {
            Draw(random, shape, scale, sample);
            var (ownShape, ownScale) = Moments(sample);
            if (AndersonDarling(sample, ownShape, ownScale) >= statistic)
                larger++;
        }
        return larger >= least;
    }

    /// <summary>The statistic of ascending values.</summary>
    private static double AndersonDarling(double[] ascending, double shape, double scale)
    {
        var n = ascending.Length;
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            var log = LogSurvival(ascending[i], shape, scale);
            // Each value meets 2 i + 1 times its own lower tail, and as many times as the value opposite the upper one.
            sum += (((2 * i) + 1) * Math.Log(-ExpMinusOne(log))) + (((2 * (n - i)) - 1) * log);
        }
        return -n - (sum / n);
    }

    private static double ExpMinusOne(double log) => log < -0.1 ? Math.Exp(log) - 1 : SpecialFunctions.Expm1(log);

    /// <summary>An ascending sample: uniform order statistics are ratios of sums of exponential ones.</summary>
    private static void Draw(SplitMix random, double shape, double scale, double[] sample)
    {
        var sum = 0.0;
        for (var i = 0; i < sample.Length; i++)
            sample[i] = sum -= Math.Log(random.Next());
        sum -= Math.Log(random.Next());
        for (var i = 0; i < sample.Length; i++)
        {
            var log = SpecialFunctions.Log1p(-sample[i] / sum);
            sample[i] = shape == 0 ? -scale * log : -scale / shape * ExpMinusOne(shape * log);
        }
    }

    /// <summary>Random numbers (Steele, Lea and Flood 2014), the same on every machine.</summary>
    private sealed class SplitMix(ulong state)
    {
        private ulong _state = state;

        /// <summary>A number above 0 and below 1.</summary>
        public double Next()
        {
            _state += 0x9E3779B97F4A7C15;
            var bits = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return ((bits ^ (bits >> 31)) >> 12) / 4503599627370496.0 + 1.1102230246251565e-16;
        }
    }
}
