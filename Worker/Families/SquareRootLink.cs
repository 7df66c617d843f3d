namespace HpcFit.Worker.Families;

/// <summary>η = √μ.</summary>
internal sealed class SquareRootLink : Link
{
    /// <inheritdoc/>
    public override string Name => "sqrt";

    /// <inheritdoc/>
    public override double Apply(double mean) => Math.Sqrt(mean);

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor) => (predictor * predictor, 2 * predictor);

    /// <inheritdoc/>
    public override bool IsValid(double predictor) => double.IsFinite(predictor) && predictor > 0;

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor)
    {
        var a = 1 / predictor;
        var b = a * a;
        return new(0.5 * a, -0.25 * a * b, 0.375 * a * b * b, -0.9375 * a * b * b * b);
    }
}
