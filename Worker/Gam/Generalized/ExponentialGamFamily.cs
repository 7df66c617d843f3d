using HpcFit.Worker.Distributions;
using HpcFit.Worker.Families;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// A family that its variance function determines: the deviance has the slope −2w(y − μ)/V(μ) in the mean (McCullagh and Nelder 1989,
/// §9.2). Quasi families have the extended quasi-likelihood of Nelder and Pregibon (1987, Biometrika 74, 221-232) without its terms in y,
/// as Wood 2011, §2.1.
/// </summary>
/// <param name="family">The family.</param>
internal sealed class ExponentialGamFamily(Family family) : GamFamily(family.Name, family.Link)
{
    /// <inheritdoc/>
    public override bool HasScale => !family.HasKnownDispersion;

    /// <inheritdoc/>
    public override bool HasLikelihood => family.HasLikelihood;

    /// <inheritdoc/>
    public override bool HasLikelihoodAtScale => HasScale && family is not GaussianFamily;

    /// <inheritdoc/>
    public override bool IsOfProbabilities => family.IsOfProbabilities;

    /// <inheritdoc/>
    public override string Range => family.Range;

    /// <inheritdoc/>
    public override bool Accepts(double response, double weight) => family.Accepts(response, weight);

    /// <inheritdoc/>
    public override bool IsValidMean(double mean) => family.IsValidMean(mean);

    /// <inheritdoc/>
    public override bool IsAtBoundary(double mean) =>
        ((IsOfProbabilities || family.IsOfCounts) && mean < Boundary) || (IsOfProbabilities && mean > 1 - Boundary);

    /// <inheritdoc/>
    public override double StartingMean(double response, double weight) => family.StartingMean(response, weight);

    /// <inheritdoc/>
    public override double Variance(double mean, double shape) => family.Variance(mean);

    /// <inheritdoc/>
    public override double RelativeSlopeOfVariance(double mean, double shape) =>
        family.VarianceDerivatives(mean).First / family.Variance(mean);

    /// <inheritdoc/>
    public override double Deviance(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double shape,
        Span<double> work
    ) => family.Deviance(responses, means, weights, work);

    /// <inheritdoc/>
    public override void Differentiate(in FamilyRows rows, double shape, RowDerivatives derivatives)
    {
        for (var i = 0; i < rows.Means.Length; i++)
        {
            var mean = rows.Means[i];
            var chain = new MeanDerivatives(Link.Derivatives(mean, rows.Predictors[i]));
            double inverse = 1 / family.Variance(mean),
                rest = rows.Responses[i] - mean,
                factor = -2 * rows.Weights[i],
                f1 = factor * rest * inverse,
                f2 = factor * ((-rest * family.VarianceDerivatives(mean).First * inverse * inverse) - inverse);
            derivatives.First[i] = chain.First(f1);
            derivatives.Second[i] = chain.Second(f1, f2);
        }
    }

    /// <inheritdoc/>
    public override void DifferentiateFully(in FamilyRows rows, double shape, RowDerivatives derivatives)
    {
        for (var i = 0; i < rows.Means.Length; i++)
        {
            var mean = rows.Means[i];
            var chain = new MeanDerivatives(Link.Derivatives(mean, rows.Predictors[i]));
            var variance = family.VarianceDerivatives(mean);
            double q = 1 / family.Variance(mean),
                a = variance.First * q,
                b = variance.Second * q,
                c = variance.Third * q,
                q1 = -a * q,
                q2 = ((2 * a * a) - b) * q,
                q3 = ((6 * a * b) - (6 * a * a * a) - c) * q,
                rest = rows.Responses[i] - mean,
                factor = -2 * rows.Weights[i],
                f1 = factor * rest * q,
                f2 = factor * ((rest * q1) - q),
                f3 = factor * ((rest * q2) - (2 * q1)),
                f4 = factor * ((rest * q3) - (3 * q2));
            derivatives.First[i] = chain.First(f1);
            derivatives.Second[i] = chain.Second(f1, f2);
            derivatives.Third[i] = chain.Third(f1, f2, f3);
            derivatives.Fourth[i] = chain.Fourth(f1, f2, f3, f4);
        }
    }

    /// <inheritdoc/>
    public override (double Value, double First, double Second) Saturated(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> weights,
        double parameter
    ) =>
        !HasScale ? (family.LogLikelihood(responses, responses, weights, 0), 0, 0)
        : family is GammaFamily ? SaturatedGamma(responses, weights, parameter)
        : SaturatedSpread(responses, weights, parameter);

    /// <inheritdoc/>
    public override double LogLikelihood(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double deviance,
        double shape
    ) => family.HasLikelihood ? family.LogLikelihood(responses, means, weights, deviance) : double.NaN;

    /// <summary>
    /// Σ log(w/φ)/2; for the normal and the inverse normal distribution, whose density at its own value is √(w/(2πφV(y))), with that of
    /// 2πV(y).
    /// </summary>
    private (double Value, double First, double Second) SaturatedSpread(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> weights,
        double logScale
    )
    {
        double logs = 0,
            count = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            logs += ReproducibleMath.Log(family.HasLikelihood ? weights[i] / (2 * Math.PI * family.Variance(responses[i])) : weights[i]);
            count++;
        }
        return ((logs - (count * logScale)) / 2, -count / 2, 0);
    }

    /// <summary>A response of weight w has the shape k = w / φ: its density at its own value is kᵏ e⁻ᵏ / (y Γ(k)).</summary>
    private static (double Value, double First, double Second) SaturatedGamma(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> weights,
        double logScale
    )
    {
        double inverse = ReproducibleMath.Exp(-logScale),
            value = 0,
            first = 0,
            second = 0,
            last = double.NaN;
        var (own, slope, bend) = (0.0, 0.0, 0.0);
        for (var i = 0; i < responses.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            if (weights[i] != last)
            {
                last = weights[i];
                var k = last * inverse;
                var log = ReproducibleMath.Log(k);
                var rest = log - Polygamma.Digamma(k);
                own = (k * log) - ReproducibleMath.LogGamma(k) - k;
                slope = -k * rest;
                bend = (k * rest) + k - (k * k * Polygamma.Trigamma(k));
            }
            value += own - ReproducibleMath.Log(responses[i]);
            first += slope;
            second += bend;
        }
        return (value, first, second);
    }
}
