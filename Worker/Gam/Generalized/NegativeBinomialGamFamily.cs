using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Families;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// Counts with V = μ + μ²/θ, θ estimated with the smoothing parameters: deviance 2w (y ln(y/μ) − (y + θ) ln((y + θ)/(μ + θ))). Wood, Pya
/// and Säfken 2016, J. Am. Statist. Assoc. 111, 1548-1563, §3 and supplement.
/// </summary>
/// <param name="link">The link.</param>
internal sealed class NegativeBinomialGamFamily(Link link) : GamFamily(FamilySpec.NegativeBinomial, link)
{
    /// <inheritdoc/>
    public override bool HasScale => false;

    /// <inheritdoc/>
    public override bool HasShape => true;

    /// <inheritdoc/>
    public override string Range => WholeCount.Range;

    /// <inheritdoc/>
    public override bool Accepts(double response, double weight) => response >= 0 && WholeCount.Is(response);

    /// <inheritdoc/>
    public override bool IsValidMean(double mean) => mean > 0 && double.IsFinite(mean);

    /// <inheritdoc/>
    public override bool IsAtBoundary(double mean) => mean < Boundary;

    /// <inheritdoc/>
    public override double StartingMean(double response, double weight) => response + (response == 0 ? 1.0 / 6 : 0);

    /// <inheritdoc/>
    public override double Variance(double mean, double shape) => mean + (mean * mean / ReproducibleMath.Exp(shape));

    /// <inheritdoc/>
    public override double RelativeSlopeOfVariance(double mean, double shape) =>
        (1 + (2 * mean / ReproducibleMath.Exp(shape))) / Variance(mean, shape);

    /// <inheritdoc/>
    public override double Deviance(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double shape,
        Span<double> work
    )
    {
        double theta = ReproducibleMath.Exp(shape),
            sum = 0;
        for (var i = 0; i < responses.Length; i++)
        {
            double y = responses[i],
                e = (y - means[i]) / (means[i] + theta),
                own = y > 0 ? y * ReproducibleMath.Log(y / means[i]) : 0;
            sum += weights[i] * (own - ((y + theta) * ReproducibleMath.Log1p(e)));
        }
        return 2 * sum;
    }

    /// <inheritdoc/>
    public override void Differentiate(in FamilyRows rows, double shape, RowDerivatives derivatives)
    {
        var theta = ReproducibleMath.Exp(shape);
        for (var i = 0; i < rows.Means.Length; i++)
        {
            double mean = rows.Means[i],
                y = rows.Responses[i],
                factor = -2 * rows.Weights[i],
                s = mean + theta,
                ratio = (y + theta) / s,
                f1 = factor * theta * (y - mean) / (mean * s),
                f2 = factor * ((ratio / s) - (y / (mean * mean)));
            var chain = new MeanDerivatives(Link.Derivatives(mean, rows.Predictors[i]));
            derivatives.First[i] = chain.First(f1);
            derivatives.Second[i] = chain.Second(f1, f2);
        }
    }

    /// <inheritdoc/>
    public override void DifferentiateFully(in FamilyRows rows, double shape, RowDerivatives derivatives)
    {
        var theta = ReproducibleMath.Exp(shape);
        for (var i = 0; i < rows.Means.Length; i++)
        {
            double mean = rows.Means[i],
                y = rows.Responses[i],
                factor = -2 * rows.Weights[i],
                inverse = 1 / (mean + theta),
                ratio = (y + theta) * inverse,
                e = (y - mean) * inverse;
            var chain = new MeanDerivatives(Link.Derivatives(mean, rows.Predictors[i]));
            OfMean(derivatives, i, chain, factor, y, mean, theta, inverse, ratio);

            // In θ: by powers of 1/(μ + θ).
            double t0 = factor * (Math.Abs(e) < 0.4 ? -ReproducibleMath.LogDivergence(e) : ReproducibleMath.Log1p(e) - e),
                t00 = factor * e * e / (y + theta),
                t1 = factor * e * inverse,
                t2 = factor * inverse * inverse * (1 - (2 * ratio)),
                t3 = factor * inverse * inverse * inverse * ((6 * ratio) - 2),
                t11 = factor * inverse * inverse * (2 - (2 * ratio)),
                t22 = factor * inverse * inverse * inverse * ((6 * ratio) - 4);
            derivatives.Shape[i] = theta * t0;
            derivatives.ShapeTwice[i] = theta * (t0 + (theta * t00));
            derivatives.FirstShape[i] = theta * chain.First(t1);
            derivatives.SecondShape[i] = theta * chain.Second(t1, t2);
            derivatives.ThirdShape[i] = theta * chain.Third(t1, t2, t3);
            derivatives.FirstShapeTwice[i] = theta * chain.First(t1 + (theta * t11));
            derivatives.SecondShapeTwice[i] = theta * chain.Second(t1 + (theta * t11), t2 + (theta * t22));
        }
    }

    /// <inheritdoc/>
    public override (double Value, double First, double Second) Saturated(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> weights,
        double parameter
    )
    {
        double theta = ReproducibleMath.Exp(parameter),
            value = 0,
            first = 0,
            second = 0,
            logTheta = ReproducibleMath.Log(theta),
            constant = (theta * logTheta) - ReproducibleMath.LogGamma(theta),
            digamma = logTheta - Polygamma.Digamma(theta),
            trigamma = (1 / theta) - Polygamma.Trigamma(theta);
        for (var i = 0; i < responses.Length; i++)
        {
            double y = responses[i],
                sum = y + theta,
                log = ReproducibleMath.Log(sum),
                own = y > 0 ? y * ReproducibleMath.Log(y) : 0;
            value += weights[i] * (constant + own + ReproducibleMath.LogGamma(sum) - ReproducibleMath.LogGamma(y + 1) - (sum * log));
            first += weights[i] * (digamma + Polygamma.Digamma(sum) - log);
            second += weights[i] * (trigamma + Polygamma.Trigamma(sum) - (1 / sum));
        }
        return (value, theta * first, (theta * first) + (theta * theta * second));
    }

    /// <inheritdoc/>
    public override double LogLikelihood(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double deviance,
        double shape
    ) => Saturated(responses, weights, shape).Value - (deviance / 2);

    private static void OfMean(
        RowDerivatives derivatives,
        int i,
        in MeanDerivatives chain,
        double factor,
        double y,
        double mean,
        double theta,
        double inverse,
        double ratio
    )
    {
        double m = 1 / mean,
            f1 = factor * theta * (y - mean) * m * inverse,
            f2 = factor * ((ratio * inverse) - (y * m * m)),
            f3 = 2 * factor * ((y * m * m * m) - (ratio * inverse * inverse)),
            f4 = 6 * factor * ((ratio * inverse * inverse * inverse) - (y * m * m * m * m));
        derivatives.First[i] = chain.First(f1);
        derivatives.Second[i] = chain.Second(f1, f2);
        derivatives.Third[i] = chain.Third(f1, f2, f3);
        derivatives.Fourth[i] = chain.Fourth(f1, f2, f3, f4);
    }
}
