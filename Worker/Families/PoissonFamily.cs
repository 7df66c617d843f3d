using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>Counts, V = μ.</summary>
/// <param name="link">The link.</param>
/// <param name="isQuasi">Whether the dispersion is estimated; then responses need not be whole.</param>
internal sealed class PoissonFamily(Link link, bool isQuasi = false) : Family(isQuasi ? "quasipoisson" : "poisson", link)
{
    /// <inheritdoc/>
    public override bool HasKnownDispersion => !isQuasi;

    /// <inheritdoc/>
    public override bool HasLikelihood => !isQuasi;

    /// <inheritdoc/>
    public override bool IsOfCounts => true;

    /// <inheritdoc/>
    public override string Range => isQuasi ? "numbers of at least 0" : WholeCount.Range;

    /// <inheritdoc/>
    public override bool IsValidMean(double mean) => mean > 0 && double.IsFinite(mean);

    /// <inheritdoc/>
    public override bool Accepts(double response, double weight) => response >= 0 && (isQuasi || WholeCount.Is(response));

    /// <inheritdoc/>
    public override double StartingMean(double response, double weight) => response + 0.1;

    /// <inheritdoc/>
    public override double Variance(double mean) => mean;

    /// <inheritdoc/>
    public override VarianceDerivatives VarianceDerivatives(double mean) => new(1, 0, 0);

    /// <inheritdoc/>
    public override double UnitDeviance(double response, double mean) =>
        2 * (response > 0 ? (response * ReproducibleMath.Log(response / mean)) - (response - mean) : mean);

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
            work[i] = responses[i] > 0 ? responses[i] / means[i] : 1;
        ReproducibleMath.Log(work);
        var sum = 0.0;
        for (var i = 0; i < work.Length; i++)
            sum += weights[i] * ((responses[i] * work[i]) - (responses[i] - means[i]));
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
        if (isQuasi)
            return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < responses.Length; i++)
        {
            var response = Math.Round(responses[i]);
            var power = response > 0 ? response * ReproducibleMath.Log(means[i]) : 0;
            sum += weights[i] * (power - means[i] - LogFactorial.Compute(response));
        }
        return sum;
    }
}
