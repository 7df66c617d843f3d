using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// The maximum likelihood estimate of α = 1/θ of negative binomial counts with given means. A workspace of one thread.
/// </summary>
/// <remarks>
/// With t = α μ, the log-likelihood is Σ w [Σ_{j&lt;y} ln(1 + α j) + y ln μ − (y + 1/α) ln(1 + t)] and a constant. Its first sum runs over
/// the values j, each with the weights of the larger counts. The other terms cancel for small t, where their series are used. Newton's
/// steps in ln α.
/// </remarks>
/// <param name="subjects">The maximum number of counts.</param>
internal sealed class ThetaEstimate(int subjects)
{
    /// <summary>Below this α, the counts are Poisson's to double precision.</summary>
    private const double Smallest = 1e-10;

    private const double Largest = 1e10;
    private const double Precision = 1e-13;
    private const int MaxSteps = 200;

    /// <summary>Values j that are summed one by one; beyond them, sums follow from Stirling's series.</summary>
    private const int Tabulated = 4096;

    /// <summary>Below this t the series are used, with <see cref="SeriesTerms"/> terms.</summary>
    private const double SmallT = 0.03;

    private const int SeriesTerms = 14;

    private readonly double[] _larger = new double[Tabulated];
    private readonly int[] _beyond = new int[subjects];
    private int _values;
    private int _countBeyond;

    /// <summary>The standard error of θ at the estimate, from the observed information.</summary>
    public double StandardError { get; private set; }

    /// <summary>Prepares for counts: Σ w of the counts above each value.</summary>
    /// <param name="counts">The counts, whole to rounding.</param>
    /// <param name="weights">Their weights.</param>
    public void Prepare(ReadOnlySpan<double> counts, ReadOnlySpan<double> weights)
    {
        Array.Clear(_larger);
        (_values, _countBeyond) = (0, 0);
        for (var i = 0; i < counts.Length; i++)
        {
            var count = Math.Round(counts[i]);
            if (count > Tabulated)
                _beyond[_countBeyond++] = i;
            if (count < 1)
                continue;
            var last = (int)Math.Min(count, Tabulated) - 1;
            _larger[last] += weights[i];
            _values = Math.Max(_values, last + 1);
        }
        for (var j = _values - 2; j >= 0; j--)
            _larger[j] += _larger[j + 1];
    }

    /// <summary>
    /// The α that maximises the likelihood, 0 for Poisson's; NaN if it has no maximum.
    /// </summary>
    /// <param name="counts">The counts.</param>
    /// <param name="means">Their means.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="start">The α from which the search starts, above 0.</param>
    public double Maximise(ReadOnlySpan<double> counts, ReadOnlySpan<double> means, ReadOnlySpan<double> weights, double start)
    {
        var alpha = Math.Clamp(start, 1e-4, 1e4);
        for (var step = 0; step < MaxSteps; step++)
        {
            var (first, second) = Derivatives(counts, means, weights, alpha);
            StandardError = 1 / (alpha * alpha * Math.Sqrt(-second));
            var (slope, curvature) = (alpha * first, (alpha * first) + (alpha * alpha * second));
            var change = curvature < 0 ? -slope / curvature : Math.Sign(slope);
            change = Math.Clamp(change, -2, 2);
            alpha *= ReproducibleMath.Exp(change);
            if (alpha < Smallest)
                return 0;
            if (alpha > Largest || double.IsNaN(alpha))
                return double.NaN;
            if (Math.Abs(change) <= Precision)
                return alpha;
        }
        return alpha;
    }

    /// <summary>The first two derivatives of the log-likelihood in α.</summary>
    private (double First, double Second) Derivatives(
        ReadOnlySpan<double> counts,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double alpha
    )
    {
        double first = 0,
            second = 0;
        for (var j = 1; j < _values; j++)
        {
            var share = j / (1 + (alpha * j));
            first += _larger[j] * share;
            second -= _larger[j] * share * share;
        }
        for (var i = 0; i < _countBeyond; i++)
        {
            var (one, two) = Beyond(Math.Round(counts[_beyond[i]]), alpha);
            first += weights[_beyond[i]] * one;
            second += weights[_beyond[i]] * two;
        }
        var (square, cube) = (alpha * alpha, alpha * alpha * alpha);
        for (var i = 0; i < counts.Length; i++)
        {
            var t = alpha * means[i];
            var share = means[i] / (1 + t);
            var (excess, bend) = t < SmallT ? Series(t) : Closed(t);
            first += weights[i] * ((excess / square) - (counts[i] * share));
            second += weights[i] * ((bend / cube) + (counts[i] * share * share));
        }
        return (first, second);
    }

    /// <summary>ln(1 + t) − t / (1 + t), and t² / (1 + t)² minus twice that.</summary>
    private static (double Excess, double Bend) Closed(double t)
    {
        var share = t / (1 + t);
        var excess = ReproducibleMath.Log1p(t) - share;
        return (excess, (share * share) - (2 * excess));
    }

    /// <summary>The same by Σ (−1)^k (k − 1)/k t^k and Σ (−1)^k (k − 1)(k − 2)/k t^k.</summary>
    private static (double Excess, double Bend) Series(double t)
    {
        double excess = 0,
            bend = 0;
        for (var k = SeriesTerms; k >= 2; k--)
        {
            var term = (k - 1.0) / k;
            excess = term - (t * excess);
            bend = (term * (k - 2)) - (t * bend);
        }
        return (t * t * excess, t * t * bend);
    }

    /// <summary>
    /// Σ j / (1 + α j) from <see cref="Tabulated"/> to below a count, and minus the sum of squares. With θ = 1/α the first is
    /// θ Σ (1 − θ/(j + θ)): both need sums of 1/x and 1/x² over x = j + θ, by Euler and Maclaurin.
    /// </summary>
    private static (double First, double Second) Beyond(double count, double alpha)
    {
        var theta = 1 / alpha;
        var (low, high, number) = (Tabulated + theta, count + theta, count - Tabulated);
        var (a, b) = (1 / low, 1 / high);
        var reciprocals = ReproducibleMath.Log(high / low) + ((a - b) / 2) + (((a * a) - (b * b)) / 12);
        var squares = a - b + (((a * a) - (b * b)) / 2) + (((a * a * a) - (b * b * b)) / 6);
        return (
            theta * (number - (theta * reciprocals)),
            -theta * theta * (number - (2 * theta * reciprocals) + (theta * theta * squares))
        );
    }
}
