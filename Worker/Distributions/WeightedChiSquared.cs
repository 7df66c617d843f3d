namespace HpcFit.Worker.Distributions;

/// <summary>
/// Upper tail of a mixture Σ wᵢ χ²₁ of chi-squares with positive weights, relative to an estimated scale: P(Σ wᵢ χ²₁ > q · χ²_ν / ν), where
/// an infinite ν means a known scale. Relative accuracy about 1e-9, however small the probability.
/// </summary>
/// <remarks>
/// The probability is (1/2πi) ∫ M(θ)/θ dθ, M the moment generating function of Σ wᵢ χ²₁ − q χ²_ν / ν, along any path that crosses the real
/// axis between 0 and 1/(2 max w) (Daniels, "Tail probability approximations", 1987, eq. 3.1). Through the saddle point of M(θ)/θ the
/// integrand never exceeds the order of the result, so there is no cancellation (Rice, "Distribution of quadratic forms in normal random
/// variables: evaluation by numerical integration", 1980). The path is a hyperbola around the branch cut on the right, on which the
/// trapezoidal rule converges exponentially (Weideman and Trefethen, "Parabolic and hyperbolic contours for computing the Bromwich
/// integral", 2007).
/// </remarks>
internal static class WeightedChiSquared
{
    private const double Step = 0.08;

    /// <summary>e^Step and e^−Step.</summary>
    private const double StepUp = 1.0832870676749586;

    private const double StepDown = 0.9231163463866358;

    /// <summary>The relative contribution of a node to the integral below which the sum ends.</summary>
    private const double Negligible = 1e-14;

    /// <summary>
    /// Up to this value, integer degrees of freedom use powers by repeated multiplication, with an error of about ν units in the last
    /// place.
    /// </summary>
    private const double MaxMultiplied = 1e6;

    private const int MaxNodes = 2000;

    /// <summary>sin and cos of the angle of the hyperbola, 3-4-5: half of the angle between the vertical line and the cut.</summary>
    private const double SinAngle = 0.6;

    private const double CosAngle = 0.8;

    /// <summary>
    /// P(Σ wᵢ χ²₁ > q χ²_ν / ν): 1 for q ≤ 0, 0 for +∞, NaN for NaN, a ν that is not positive, a negative weight or no positive one.
    /// </summary>
    /// <param name="q">The statistic.</param>
    /// <param name="weights">The weights; consecutive equal ones cost as much as one.</param>
    /// <param name="scaleDf">ν, the degrees of freedom of the scale's estimate; infinite if the scale is known.</param>
    public static double UpperP(double q, ReadOnlySpan<double> weights, double scaleDf)
    {
        if (AtEdge(q, weights, scaleDf, out var edge))
            return edge;
        var (log, sum) = new Contour(q, weights, scaleDf).Integrate();
        return Math.Min(1, log < -700 ? ReproducibleMath.Exp(log + ReproducibleMath.Log(sum)) : ReproducibleMath.Exp(log) * sum);
    }

    /// <summary>The natural logarithm of <see cref="UpperP"/>, without underflow.</summary>
    /// <inheritdoc cref="UpperP"/>
    public static double UpperLogP(double q, ReadOnlySpan<double> weights, double scaleDf)
    {
        if (AtEdge(q, weights, scaleDf, out var edge))
            return ReproducibleMath.Log(edge);
        var (log, sum) = new Contour(q, weights, scaleDf).Integrate();
        return Math.Min(0, log + ReproducibleMath.Log(sum));
    }

    private static bool AtEdge(double q, ReadOnlySpan<double> weights, double scaleDf, out double p)
    {
        var largest = 0.0;
        foreach (var weight in weights)
            largest = weight >= 0 && largest >= 0 ? Math.Max(largest, weight) : double.NaN;
        var isDefined = largest > 0 && double.IsFinite(largest) && scaleDf > 0 && !double.IsNaN(q);
        p =
            !isDefined ? double.NaN
            : q <= 0 ? 1
            : 0;
        return !isDefined || q <= 0 || double.IsPositiveInfinity(q);
    }

    /// <summary>The integrand in units in which the largest weight is ½, so that the cut begins at 1.</summary>
    private readonly ref struct Contour
    {
        private readonly ReadOnlySpan<double> _weights;
        private readonly double _perWeight;
        private readonly double _q;
        private readonly double _scaleDf;

        public Contour(double q, ReadOnlySpan<double> weights, double scaleDf)
        {
            var largest = 0.0;
            foreach (var weight in weights)
                largest = Math.Max(largest, weight);
            this._weights = weights;
            this._scaleDf = scaleDf;
            _perWeight = 1 / largest;
            this._q = q * (0.5 * _perWeight);
        }

        /// <summary>The integrand's logarithm at the saddle point, and the integral relative to it.</summary>
        public (double Log, double Sum) Integrate()
        {
            var saddle = Saddle();
            // No wider than twice the saddle, nor so wide that 0 or the cut enters the strip that the rule needs.
            var reach = Math.Min(2 / Math.Sqrt(Curvature(saddle)), Math.Min((1 - saddle) / (1 - SinAngle), saddle / SinAngle));
            var sum = 0.5 * reach * CosAngle;
            var (growth, shrink) = (1.0, 1.0);
            for (var node = 1; node < MaxNodes; node++)
            {
                growth *= StepUp;
                shrink *= StepDown;
                var (cosh, sinh) = (0.5 * (growth + shrink), 0.5 * (growth - shrink));
                var value = Relative(new(saddle + reach * SinAngle * (cosh - 1), reach * CosAngle * sinh), saddle);
                sum += reach * (value.Re * CosAngle * cosh + value.Im * SinAngle * sinh);
                if ((Math.Abs(value.Re) + Math.Abs(value.Im)) * cosh < Negligible)
                    return (LogAt(saddle), sum * (Step / Math.PI));
            }
            return (double.NaN, double.NaN);
        }

        /// <summary>The minimum of M(θ)/θ between 0 and 1, by bisection: its logarithm is convex.</summary>
        private double Saddle()
        {
            var (below, above) = (0.0, 1.0);
            for (var i = 0; i < 50; i++)
            {
                var middle = 0.5 * (below + above);
                if (Slope(middle) < 0)
                    below = middle;
                else
                    above = middle;
                if (above - below < 1e-3 * Math.Min(below, 1 - above))
                    break;
            }
            return 0.5 * (below + above);
        }

        private double Slope(double theta)
        {
            var slope = -1 / theta - _q / (1 + 2 * _q / _scaleDf * theta);
            foreach (var weight in _weights)
                slope += 0.5 * weight * _perWeight / (1 - theta * (weight * _perWeight));
            return slope;
        }

        private double Curvature(double theta)
        {
            var scale = _q / (1 + 2 * _q / _scaleDf * theta);
            var curvature = 1 / (theta * theta) + 2 / _scaleDf * scale * scale;
            foreach (var weight in _weights)
            {
                var part = weight * _perWeight / (1 - theta * (weight * _perWeight));
                curvature += 0.5 * part * part;
            }
            return curvature;
        }

        /// <summary>ln (M(θ)/θ) at a real θ between 0 and 1.</summary>
        private double LogAt(double theta)
        {
            var log =
                -ReproducibleMath.Log(theta)
                - (double.IsPositiveInfinity(_scaleDf) ? _q * theta : 0.5 * _scaleDf * ReproducibleMath.Log1p(2 * _q / _scaleDf * theta));
            var product = 1.0;
            foreach (var weight in _weights)
            {
                product *= 1 - weight * _perWeight * theta;
                if (product > 1e-200)
                    continue;
                log -= 0.5 * ReproducibleMath.Log(product);
                product = 1;
            }
            return log - 0.5 * ReproducibleMath.Log(product);
        }

        /// <summary>
        /// M(θ)/θ relative to its value at the saddle, for θ above the real axis. There 1 − w θ is below it, and so is the square root of
        /// two such factors: multiplied pairwise, the product stays on its branch at the saddle.
        /// </summary>
        private PlanePoint Relative(PlanePoint theta, double saddle)
        {
            var divisor = theta.Times(1 / saddle);
            var i = 0;
            for (; i + 1 < _weights.Length; i += 2)
            {
                var (first, second) = (Factor(_weights[i], theta, saddle), Factor(_weights[i + 1], theta, saddle));
                divisor = divisor.Times(_weights[i] == _weights[i + 1] ? first : first.Times(second).RootBelow());
            }
            if (i < _weights.Length)
                divisor = divisor.Times(Factor(_weights[i], theta, saddle).RootBelow());
            return Scale(theta, saddle).Over(divisor);
        }

        private PlanePoint Factor(double weight, PlanePoint theta, double saddle)
        {
            var w = weight * _perWeight;
            var inverse = 1 / (1 - w * saddle);
            return new((1 - w * theta.Re) * inverse, -w * theta.Im * inverse);
        }

        /// <summary>
        /// The scale's factor of the moment generating function relative to its value at the saddle: a power of −ν/2, or an exponential.
        /// </summary>
        private PlanePoint Scale(PlanePoint theta, double saddle)
        {
            if (double.IsPositiveInfinity(_scaleDf))
                return PlanePoint.Polar(ReproducibleMath.Exp(_q * (saddle - theta.Re)), -_q * theta.Im);
            var slope = 2 * _q / _scaleDf;
            var inverse = 1 / (1 + slope * saddle);
            var ratio = new PlanePoint(1 + slope * (theta.Re - saddle) * inverse, slope * theta.Im * inverse);
            if (_scaleDf <= MaxMultiplied && Math.Floor(_scaleDf) == _scaleDf)
            {
                var part = new PlanePoint(1, 0).Over(ratio);
                var power = part.Power((int)_scaleDf / 2);
                return ((int)_scaleDf & 1) == 0 ? power : power.Times(part.RootBelow());
            }
            var excess = slope * (theta.Re - saddle) * inverse;
            var log = ReproducibleMath.Log1p(2 * excess + (excess * excess + ratio.Im * ratio.Im));
            return PlanePoint.Polar(
                ReproducibleMath.Exp(-0.25 * _scaleDf * log),
                -0.5 * _scaleDf * ReproducibleMath.UpperAngle(ratio.Im, ratio.Re)
            );
        }
    }
}
