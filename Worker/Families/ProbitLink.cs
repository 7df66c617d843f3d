using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>η = Φ⁻¹(μ), Φ the standard normal distribution function.</summary>
internal sealed class ProbitLink : Link
{
    /// <inheritdoc/>
    public override string Name => "probit";

    /// <inheritdoc/>
    public override bool IsUnitFree => true;

    /// <inheritdoc/>
    public override double Apply(double mean) => StandardNormal.Quantile(mean);

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor) =>
        ProbabilityRange.Bound(StandardNormal.LowerP(predictor), StandardNormal.Density(predictor));

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor)
    {
        var (a, x) = (1 / Math.Max(StandardNormal.Density(predictor), ProbabilityRange.Margin), predictor);
        return new(a, x * a * a, (1 + (2 * x * x)) * a * a * a, ((7 * x) + (6 * x * x * x)) * a * a * a * a);
    }
}
