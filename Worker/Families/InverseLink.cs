namespace HpcFit.Worker.Families;

/// <summary>η = 1 / μ.</summary>
internal sealed class InverseLink : Link
{
    /// <inheritdoc/>
    public override string Name => "inverse";

    /// <inheritdoc/>
    public override double Apply(double mean) => 1 / mean;

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor)
    {
        var mean = 1 / predictor;
        return (mean, -mean * mean);
    }

    /// <inheritdoc/>
    public override bool IsValid(double predictor) => double.IsFinite(predictor) && predictor != 0;

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor)
    {
        var (a, b) = (predictor, predictor * predictor);
        return new(-b, 2 * a * b, -6 * b * b, 24 * a * b * b);
    }
}
