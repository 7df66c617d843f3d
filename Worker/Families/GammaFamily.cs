using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>Positive responses with a constant coefficient of variation, V = μ².</summary>
/// <param name="link">The link.</param>
internal sealed class GammaFamily(Link link) : Family("Gamma", link)
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
    public override double Variance(double mean) => mean * mean;

    /// <inheritdoc/>
    public override VarianceDerivatives VarianceDerivatives(double mean) => new(2 * mean, 2, 0);

    /// <inheritdoc/>
    public override double UnitDeviance(double response, double mean) =>
        -2 * (ReproducibleMath.Log(response / mean) - ((response - mean) / mean));

    /// <inheritdoc/>
    public override double Deviance(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        Span<double> work
    )
    {
        work = work[..responses.Length];
        for (var i = 0; i < work.Length; i++)
            work[i] = responses[i] / means[i];
        ReproducibleMath.Log(work);
        var sum = 0.0;
        for (var i = 0; i < work.Length; i++)
            sum -= weights[i] * (work[i] - ((responses[i] - means[i]) / means[i]));
        return 2 * sum;
    }

    /// <inheritdoc/>
    public override double LogLikelihood(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double deviance
    )
    {
        var total = 0.0;
        foreach (var weight in weights)
            total += weight;
        var dispersion = deviance / total;
        var shape = 1 / dispersion;
        var constant = ReproducibleMath.LogGamma(shape);
        var sum = 0.0;
        for (var i = 0; i < responses.Length; i++)
        {
            var scaled = responses[i] / (means[i] * dispersion);
            sum += weights[i] * ((shape * ReproducibleMath.Log(scaled)) - scaled - ReproducibleMath.Log(responses[i]) - constant);
        }
        return sum;
    }
}
