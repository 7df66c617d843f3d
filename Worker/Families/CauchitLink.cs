using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>η = tan(π (μ − ½)).</summary>
internal sealed class CauchitLink : Link
{
    /// <inheritdoc/>
    public override string Name => "cauchit";

    /// <inheritdoc/>
    public override bool IsUnitFree => true;

    /// <inheritdoc/>
    public override double Apply(double mean) => ReproducibleMath.Tan(Math.PI * (mean - 0.5));

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor)
    {
        var size = Math.Abs(predictor);
        var tail = (size > 1 ? ReproducibleMath.Atan(1 / size) : (0.5 * Math.PI) - ReproducibleMath.Atan(size)) / Math.PI;
        return ProbabilityRange.Bound(predictor < 0 ? tail : 1 - tail, 1 / (Math.PI * (1 + (size * size))));
    }

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor)
    {
        var squared = predictor * predictor;
        var first = Math.PI * (1 + squared);
        return new(
            first,
            2 * Math.PI * predictor * first,
            2 * Math.PI * Math.PI * (1 + (3 * squared)) * first,
            8 * Math.PI * Math.PI * Math.PI * predictor * (2 + (3 * squared)) * first
        );
    }
}
