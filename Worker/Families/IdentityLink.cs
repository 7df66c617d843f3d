namespace HpcFit.Worker.Families;

/// <summary>η = μ.</summary>
internal sealed class IdentityLink : Link
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    public override double Apply(double mean) => mean;

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor) => (predictor, 1);

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor) => new(1, 0, 0, 0);
}
