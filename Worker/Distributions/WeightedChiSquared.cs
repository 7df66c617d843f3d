namespace HpcFit.Worker.Distributions;

/// <summary>
/// Upper tail of a mixture Σ wᵢ χ²₁ of chi-squares with positive weights, over an estimated scale: P(Σ wᵢ χ²₁ > q · χ²_ν / ν), where an
/// infinite ν means a known scale. Relative accuracy about 1e-9 however small the probability is.
/// </summary>
/// <remarks>
/// The probability is (1/2πi) ∫ M(θ)/θ dθ, M the moment generating function of Σ wᵢ χ²₁ − q χ²_ν / ν, along any path that passes the real axis
/// between 0 and 1/(2 max w) (Daniels, "Tail probability approximations", 1987, eq. 3.1). Through the saddle point of M(θ)/θ the integrand never
/// exceeds the order of the result, so nothing cancels (Rice, "Distribution of quadratic forms in normal random variables: evaluation by
/// numerical integration", 1980). The path is a hyperbola opened around the branch cut on the right, on which the trapezoidal rule converges
/// exponentially (Weideman and Trefethen, "Parabolic and hyperbolic contours for computing the Bromwich integral", 2007).
/// </remarks>
internal static class WeightedChiSquared
{
    private const double Step = 0.08;
    private const int MostNodes = 2000;

    /// <summary>sin and cos of the angle of the hyperbola, 3-4-5: half the room between the vertical line and the cut.</summary>
    private const double SinAngle = 0.6;

    private const double CosAngle = 0.8;

    /// <summary>P(Σ wᵢ χ²₁ > q χ²_ν / ν): 1 for q ≤ 0, 0 for +∞, NaN for NaN, a ν not positive, a negative weight or none positive.</summary>
    /// <param name="q">The statistic.</param>
    /// <param name="weights">The weights; equal ones beside each other cost one.</param>
    /// <param name="scaleDf">ν, the degrees of freedom of the scale's estimate; infinite where the scale is known.</param>
    public static double UpperP(double q, ReadOnlySpan<double> weights, double scaleDf)
    {
        if (AtEdge(q, weights, scaleDf, out var edge)) return edge;
        var (log, sum) = new Contour(q, weights, scaleDf).Integrate();
        return Math.Min(1, log < -700 ? ReproducibleMath.Exp(log + ReproducibleMath.Log(sum)) : ReproducibleMath.Exp(log) * sum);
    }

    /// <summary>The natural logarithm of <see cref="UpperP"/>, without underflow.</summary>
    /// <inheritdoc cref="UpperP"/>
    public static double UpperLogP(double q, ReadOnlySpan<double> weights, double scaleDf)
    {
        if (AtEdge(q, weights, scaleDf, out var edge)) return ReproducibleMath.Log(edge);
        var (log, sum) = new Contour(q, weights, scaleDf).Integrate();
        return Math.Min(0, log + ReproducibleMath.Log(sum));
    }

    private static bool AtEdge(double q, ReadOnlySpan<double> weights, double scaleDf, out double p)
    {
        var largest = 0.0;
        foreach (var weight in weights) largest = weight >= 0 && largest >= 0 ? Math.Max(largest, weight) : double.NaN;
        var isDefined = largest > 0 && double.IsFinite(largest) && scaleDf > 0 && !double.IsNaN(q);
        p = !isDefined ? double.NaN : q <= 0 ? 1 : 0;
        return !isDefined || q <= 0 || double.IsPositiveInfinity(q);
    }

    /// <summary>The integrand in units in which the largest weight is ½, so that the cut begins at 1.</summary>
    private readonly ref struct Contour
    {
        private readonly ReadOnlySpan<double> weights;
        private readonly double perWeight;
        private readonly double q;
        private readonly double scaleDf;

        public Contour(double q, ReadOnlySpan<double> weights, double scaleDf)
        {
            var largest = 0.0;
            foreach (var weight in weights) largest = Math.Max(largest, weight);
            this.weights = weights;
            this.scaleDf = scaleDf;
            perWeight = 1 / largest;
            this.q = q * (0.5 * perWeight);
        }

        /// <summary>The integrand's logarithm at the saddle point, and the integral relative to it.</summary>
        public (double Log, double Sum) Integrate()
        {
            var saddle = Saddle();
            var atSaddle = LogModulus(saddle, 0);
            // No wider than twice the saddle, nor so wide that 0 or the cut comes within the strip that the rule needs.
            var reach = Math.Min(2 / Math.Sqrt(Curvature(saddle)), Math.Min((1 - saddle) / (1 - SinAngle), saddle / SinAngle));
            var sum = 0.5 * reach * CosAngle;
            var (growth, shrink, stepUp, stepDown) = (1.0, 1.0, ReproducibleMath.Exp(Step), ReproducibleMath.Exp(-Step));
            for (var node = 1; node < MostNodes; node++)
            {
                growth *= stepUp;
                shrink *= stepDown;
                var (cosh, sinh) = (0.5 * (growth + shrink), 0.5 * (growth - shrink));
                var (re, im) = (saddle + reach * SinAngle * (cosh - 1), reach * CosAngle * sinh);
                var modulus = ReproducibleMath.Exp(LogModulus(re, im) - atSaddle);
                var (sin, cos) = ReproducibleMath.SinCos(Phase(re, im));
                sum += modulus * reach * (cos * CosAngle * cosh + sin * SinAngle * sinh);
                if (modulus * cosh < 1e-14) return (atSaddle, sum * (Step / Math.PI));
            }
            return (double.NaN, double.NaN);
        }

        /// <summary>Where M(θ)/θ is least between 0 and 1, by bisection: its logarithm is convex.</summary>
        private double Saddle()
        {
            var (below, above) = (0.0, 1.0);
            for (var i = 0; i < 50; i++)
            {
                var middle = 0.5 * (below + above);
                if (Slope(middle) < 0) below = middle;
                else above = middle;
                if (above - below < 1e-3 * Math.Min(below, 1 - above)) break;
            }
            return 0.5 * (below + above);
        }

        private double Slope(double theta)
        {
            var slope = -1 / theta - q / (1 + 2 * q / scaleDf * theta);
            foreach (var weight in weights) slope += 0.5 * weight * perWeight / (1 - theta * (weight * perWeight));
            return slope;
        }

        private double Curvature(double theta)
        {
            var scale = q / (1 + 2 * q / scaleDf * theta);
            var curvature = 1 / (theta * theta) + 2 / scaleDf * scale * scale;
            foreach (var weight in weights)
            {
                var part = weight * perWeight / (1 - theta * (weight * perWeight));
                curvature += 0.5 * part * part;
            }
            return curvature;
        }

        /// <summary>ln |M(θ)/θ|.</summary>
        private double LogModulus(double re, double im)
        {
            var log = -0.5 * ReproducibleMath.Log(re * re + im * im);
            if (double.IsPositiveInfinity(scaleDf)) log -= q * re;
            else
            {
                var (a, b) = (2 * q / scaleDf * re, 2 * q / scaleDf * im);
                log -= 0.25 * scaleDf * ReproducibleMath.Log1p(2 * a + (a * a + b * b));
            }
            var (previous, term) = (0.0, 0.0);
            foreach (var weight in weights)
            {
                if (weight != previous)
                {
                    var (a, b) = (1 - weight * perWeight * re, weight * perWeight * im);
                    (previous, term) = (weight, 0.25 * ReproducibleMath.Log(a * a + b * b));
                }
                log -= weight == 0 ? 0 : term;
            }
            return log;
        }

        /// <summary>The argument of M(θ)/θ for im > 0.</summary>
        private double Phase(double re, double im)
        {
            var phase = -ReproducibleMath.UpperAngle(im, re);
            phase -= double.IsPositiveInfinity(scaleDf)
                ? q * im
                : 0.5 * scaleDf * ReproducibleMath.UpperAngle(2 * q / scaleDf * im, 1 + 2 * q / scaleDf * re);
            var (previous, term) = (0.0, 0.0);
            foreach (var weight in weights)
            {
                if (weight != previous) (previous, term) = (weight, 0.5 * ReproducibleMath.UpperAngle(weight * perWeight * im, 1 - weight * perWeight * re));
                // 1 − w θ lies below the real axis, and its root divides.
                phase += weight == 0 ? 0 : term;
            }
            return phase;
        }
    }
}
