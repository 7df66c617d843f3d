using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>η = ln(μ / (1 − μ)).</summary>
internal sealed class LogitLink : Link
{
    /// <inheritdoc/>
    public override string Name => "logit";

    /// <inheritdoc/>
    public override bool IsUnitFree => true;

    /// <inheritdoc/>
    public override double Apply(double mean) => ReproducibleMath.Log(mean / (1 - mean));

    /// <inheritdoc/>
    public override void Apply(Span<double> means)
    {
        for (var i = 0; i < means.Length; i++)
            means[i] /= 1 - means[i];
        ReproducibleMath.Log(means);
    }

    /// <inheritdoc/>
    public override (double Mean, double Slope) Invert(double predictor) => Evaluate(predictor, ReproducibleMath.Exp(-Math.Abs(predictor)));

    /// <inheritdoc/>
    public override void Invert(ReadOnlySpan<double> predictors, Span<double> means, Span<double> slopes)
    {
        means = means[..predictors.Length];
        for (var i = 0; i < means.Length; i++)
            means[i] = -Math.Abs(predictors[i]);
        ReproducibleMath.Exp(means);
        for (var i = 0; i < means.Length; i++)
            (means[i], slopes[i]) = Evaluate(predictors[i], means[i]);
    }

    /// <inheritdoc/>
    public override LinkDerivatives Derivatives(double mean, double predictor)
    {
        var (a, b) = (1 / mean, 1 / (1 - mean));
        return new(a + b, (b * b) - (a * a), 2 * ((a * a * a) + (b * b * b)), 6 * ((b * b * b * b) - (a * a * a * a)));
    }

    /// <param name="predictor">η.</param>
    /// <param name="exp">e^−|η|.</param>
    private static (double Mean, double Slope) Evaluate(double predictor, double exp)
    {
        var larger = 1 / (1 + exp);
        return ProbabilityRange.Bound(predictor < 0 ? exp * larger : larger, exp * larger * larger);
    }
}
