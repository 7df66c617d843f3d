using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>Positive responses, V = μ³.</summary>
/// <param name="link">The link.</param>
internal sealed class InverseGaussianFamily(Link link) : Family("inverse.gaussian", link)
{
    /// <inheritdoc/>
    public override string Range => "numbers above 0";

    /// <inheritdoc/>
    public override bool IsValidMean(double mean) => mean > 0 && double.IsFinite(mean);

    /// <inheritdoc/>
    public override bool Accepts(double response, double weight) => response > 0;

    /// <inheritdoc/>
    public override double StartingMean(double response, double weight) => response;

    /// <inheritdoc/>
    public override double Variance(double mean) => mean * mean * mean;

    /// <inheritdoc/>
    public override VarianceDerivatives VarianceDerivatives(double mean) => new(3 * mean * mean, 6 * mean, 6);

    /// <inheritdoc/>
    public override double UnitDeviance(double response, double mean) => (response - mean) * (response - mean) / (response * mean * mean);

    /// <inheritdoc/>
    public override double LogLikelihood(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double deviance
    )
    {
        double total = 0,
            logarithms = 0;
        for (var i = 0; i < responses.Length; i++)
        {
            total += weights[i];
            logarithms += weights[i] * ReproducibleMath.Log(responses[i]);
        }
        return -0.5 * ((total * (ReproducibleMath.Log(deviance / total * 2 * Math.PI) + 1)) + (3 * logarithms));
    }
}
