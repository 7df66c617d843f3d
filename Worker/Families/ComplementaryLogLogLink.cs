using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>η = ln(−ln(1 − μ)).</summary>
internal sealed class ComplementaryLogLogLink : Link
{
    /// <summary>Above this predictor the mean is 1.</summary>
    private const double Largest = 700;

    /// <inheritdoc/>
    public override string Name => "cloglog";

    /// <inheritdoc/>
    public override bool IsUnitFree => true;

    /// <inheritdoc/>
    public override double Apply(double mean) => ReproducibleMath.Log(-ReproducibleMath.Log1p(-mean));

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor)
    {
        var exp = ReproducibleMath.Exp(Math.Min(predictor, Largest));
        return ProbabilityRange.Bound(-ReproducibleMath.Expm1(-exp), exp * ReproducibleMath.Exp(-exp));
    }

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor)
    {
        // g' = −1/u with u = (1 − μ) ln(1 − μ).
        var rest = 1 - mean;
        var log = ReproducibleMath.Log1p(-mean);
        var u = rest * log;
        var (u1, u2, u3) = (-(1 + log), 1 / rest, 1 / (rest * rest));
        var fourth = (u3 - (6 * u1 * u2 / u) + (6 * u1 * u1 * u1 / (u * u))) / (u * u);
        return new(-1 / u, u1 / (u * u), (u2 - (2 * u1 * u1 / u)) / (u * u), fourth);
    }
}
