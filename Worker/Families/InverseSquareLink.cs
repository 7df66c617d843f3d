namespace HpcFit.Worker.Families;

/// <summary>η = 1 / μ².</summary>
internal sealed class InverseSquareLink : Link
{
    /// <inheritdoc/>
    public override string Name => "1/mu^2";

    /// <inheritdoc/>
    public override double Apply(double mean) => 1 / (mean * mean);

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor)
    {
        var mean = 1 / Math.Sqrt(predictor);
        return (mean, -0.5 * mean / predictor);
    }

    /// <inheritdoc/>
    public override bool IsValid(double predictor) => double.IsFinite(predictor) && predictor > 0;

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor)
    {
        var a = 1 / mean;
        var (b, c) = (predictor * a, predictor * predictor);
        return new(-2 * b, 6 * c, -24 * a * c, 120 * c * predictor);
    }
}
