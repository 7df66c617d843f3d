using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>Proportions of successes, V = μ (1 − μ); weights are the numbers of trials.</summary>
/// <param name="link">The link.</param>
/// <param name="isQuasi">Whether the dispersion is estimated.</param>
internal sealed class BinomialFamily(Link link, bool isQuasi = false) : Family(isQuasi ? "quasibinomial" : "binomial", link)
{
    /// <summary>R's tolerance of numbers of successes.</summary>
    private const double WholeTolerance = 1e-3;

    /// <inheritdoc/>
    public override bool HasKnownDispersion => !isQuasi;

    /// <inheritdoc/>
    public override bool HasLikelihood => !isQuasi;

    /// <inheritdoc/>
    public override bool IsOfProbabilities => true;

    /// <inheritdoc/>
    public override string Range =>
        isQuasi ? "numbers from 0 to 1" : "0 or 1, or with --weights (the numbers of trials) proportions of whole numbers of successes";

    /// <inheritdoc/>
    public override bool IsValidMean(double mean) => mean is > 0 and < 1;

    /// <inheritdoc/>
    public override bool Accepts(double response, double weight) =>
        response is >= 0 and <= 1 && (isQuasi || Math.Abs((weight * response) - Math.Round(weight * response)) <= WholeTolerance);

    /// <inheritdoc/>
    public override double StartingMean(double response, double weight) => ((weight * response) + 0.5) / (weight + 1);

    /// <inheritdoc/>
    public override double Variance(double mean) => mean * (1 - mean);

    /// <inheritdoc/>
    public override VarianceDerivatives VarianceDerivatives(double mean) => new(1 - (2 * mean), -2, 0);

    /// <inheritdoc/>
    public override double UnitDeviance(double response, double mean) => 2 * (Part(response, mean) + Part(1 - response, 1 - mean));

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
        {
            // Responses of 0 and 1, the usual case, need one logarithm.
            if (responses[i] is not (0 or 1))
                return base.Deviance(responses, means, weights, work);
            work[i] = responses[i] == 1 ? means[i] : 1 - means[i];
        }
        ReproducibleMath.Log(work);
        var sum = 0.0;
        for (var i = 0; i < work.Length; i++)
            sum -= weights[i] * work[i];
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
            var (trials, successes) = (Math.Round(weights[i]), Math.Round(weights[i] * responses[i]));
            sum +=
                LogFactorial.Compute(trials)
                - LogFactorial.Compute(successes)
                - LogFactorial.Compute(trials - successes)
                + Share(successes, means[i])
                + Share(trials - successes, 1 - means[i]);
        }
        return sum;
    }

    private static double Share(double count, double mean) => count > 0 ? count * ReproducibleMath.Log(mean) : 0;

    private static double Part(double response, double mean) => response > 0 ? response * ReproducibleMath.Log(response / mean) : 0;
}
