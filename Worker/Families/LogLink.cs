using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>η = ln μ.</summary>
internal sealed class LogLink : Link
{
    /// <inheritdoc/>
    public override string Name => "log";

    /// <inheritdoc/>
    public override bool IsUnitFree => true;

    /// <inheritdoc/>
    public override double Apply(double mean) => ReproducibleMath.Log(mean);

    /// <inheritdoc/>
    public override void Apply(Span<double> means) => ReproducibleMath.Log(means);

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor)
    {
        var mean = ReproducibleMath.Exp(predictor);
        return (mean, mean);
    }

    /// <inheritdoc/>
    public override void Invert(ReadOnlySpan<double> predictors, Span<double> means, Span<double> slopes)
    {
        means = means[..predictors.Length];
        predictors.CopyTo(means);
        ReproducibleMath.Exp(means);
        means.CopyTo(slopes);
    }

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor)
    {
        var a = 1 / mean;
        return new(a, -a * a, 2 * a * a * a, -6 * a * a * a * a);
    }
}
