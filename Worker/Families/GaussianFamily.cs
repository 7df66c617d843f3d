using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>Normal responses, V = 1.</summary>
/// <param name="link">The link.</param>
internal sealed class GaussianFamily(Link link) : Family("gaussian", link)
{
    /// <inheritdoc/>
    public override string Range =>
        Link.Name switch
        {
            "log" => "numbers above 0, the starting values of the log link",
            "inverse" => "numbers other than 0, the starting values of the inverse link",
            _ => "all numbers",
        };

    /// <inheritdoc/>
    public override bool IsValidMean(double mean) => double.IsFinite(mean);

    /// <inheritdoc/>
    public override bool Accepts(double response, double weight) =>
        Link.Name switch
        {
            "log" => response > 0,
            "inverse" => response != 0,
            _ => true,
        };

    /// <inheritdoc/>
    public override double StartingMean(double response, double weight) => response;

    /// <inheritdoc/>
    public override double Variance(double mean) => 1;

    /// <inheritdoc/>
    public override VarianceDerivatives VarianceDerivatives(double mean) => new(0, 0, 0);

    /// <inheritdoc/>
    public override double UnitDeviance(double response, double mean) => (response - mean) * (response - mean);

    /// <inheritdoc/>
    public override double LogLikelihood(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double deviance
    )
    {
        var logarithms = 0.0;
        foreach (var weight in weights)
            logarithms += ReproducibleMath.Log(weight);
        var rows = responses.Length;
        return -0.5 * ((rows * (ReproducibleMath.Log(2 * Math.PI * deviance / rows) + 1)) - logarithms);
    }
}
