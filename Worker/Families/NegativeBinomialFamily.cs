using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>
/// Counts that vary more than Poisson's, V = μ + α μ², α = 1/θ. Holds α, so that each thread needs its own; with α = 0 it is Poisson's.
/// </summary>
/// <param name="link">The link.</param>
internal sealed class NegativeBinomialFamily(Link link) : Family(FamilySpec.NegativeBinomial, link)
{
    /// <summary>α: 0 or more.</summary>
    public double Alpha { get; set; }

    /// <inheritdoc/>
    public override bool HasKnownDispersion => true;

    /// <summary>θ.</summary>
    public override int Parameters => 1;

    /// <inheritdoc/>
    public override bool IsOfCounts => true;

    /// <inheritdoc/>
    public override string Range => WholeCount.Range;

    /// <inheritdoc/>
    public override bool IsValidMean(double mean) => mean > 0 && double.IsFinite(mean);

    /// <inheritdoc/>
    public override bool Accepts(double response, double weight) => response >= 0 && WholeCount.Is(response);

    /// <inheritdoc/>
    public override double StartingMean(double response, double weight) => response == 0 ? 1.0 / 6 : response;

    /// <inheritdoc/>
    public override double Variance(double mean) => mean + (Alpha * mean * mean);

    /// <inheritdoc/>
    public override VarianceDerivatives VarianceDerivatives(double mean) => new(1 + (2 * Alpha * mean), 2 * Alpha, 0);

    /// <inheritdoc/>
    public override double UnitDeviance(double response, double mean)
    {
        var logarithm = response > 0 ? response * ReproducibleMath.Log(response / mean) : 0;
        var rest =
            Alpha == 0
                ? response - mean
                : (response + (1 / Alpha)) * ReproducibleMath.Log1p(Alpha * (response - mean) / (1 + (Alpha * mean)));
        return 2 * (logarithm - rest);
    }

    /// <inheritdoc/>
    public override double LogLikelihood(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double deviance
    )
    {
        var sum = 0.0;
        for (var i = 0; i < responses.Length; i++)
        {
            var response = Math.Round(responses[i]);
            var power = response > 0 ? response * ReproducibleMath.Log(means[i]) : 0;
            var rest = Alpha == 0 ? means[i] : (response + (1 / Alpha)) * ReproducibleMath.Log1p(Alpha * means[i]);
            sum += weights[i] * (RisingFactorial(response) + power - rest - LogFactorial.Compute(response));
        }
        return sum;
    }

    /// <summary>ln Π (1 + α j) for j below a count: the logarithm of the product while it is in range.</summary>
    private double RisingFactorial(double count)
    {
        double product = 1,
            logarithm = 0;
        for (var j = 1; j < count; j++)
        {
            product *= 1 + (Alpha * j);
            if (product <= 1e100)
                continue;
            logarithm += ReproducibleMath.Log(product);
            product = 1;
        }
        return logarithm + ReproducibleMath.Log(product);
    }
}
