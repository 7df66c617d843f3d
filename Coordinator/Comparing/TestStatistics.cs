namespace HpcFit.Coordinator.Comparing;

/// <summary>Statistic and degrees of freedom of a test at every element; NaN where there is none.</summary>
/// <param name="F">F, or the likelihood ratio divided by its degrees of freedom.</param>
/// <param name="Numerator">The difference of the models' residual degrees of freedom.</param>
/// <param name="Denominator">Those of the larger model; infinite for a likelihood ratio.</param>
internal sealed record TestStatistics(double[] F, double[] Numerator, double[] Denominator)
{
    /// <summary>
    /// The smallest difference of the degrees of freedom for which there is a test. Below it, additive models are practically equal, and F
    /// approximates nothing: as the difference tends to 0, p does so too, whatever the data.
    /// </summary>
    public const double SmallestDifference = 0.1;

    private const string Deviance = "model.deviance";
    private const string Dispersion = "model.dispersion";
    private const string LogLikelihood = "model.logLik";
    private const string Criterion = "model.AIC";

    /// <summary>The columns that a test needs of a model.</summary>
    public static IEnumerable<string> Needed(ComparedModel model, ComparisonTest test) =>
        test switch
        {
            ComparisonTest.None => [],
            ComparisonTest.LRT when model.IsMixed => [LogLikelihood, Criterion],
            ComparisonTest.LRT => [LogLikelihood, ResidualDegrees.Column],
            _ when model.IsGeneralized => [Deviance, ResidualDegrees.Column, Dispersion],
            _ => [Deviance, .. ResidualDegrees.Needed(model)],
        };

    /// <summary>
    /// F = ((D₁ − D₂) / (d₁ − d₂)) / s, with the deviances D, the residual degrees of freedom d and the scale s of the larger model.
    /// </summary>
    public static TestStatistics OfF(Nesting models)
    {
        var (small, large) = (models.Smaller.Read(Deviance), models.Larger.Read(Deviance));
        var (numerator, denominator) = Degrees(ResidualDegrees.Compute(models.Smaller), ResidualDegrees.Compute(models.Larger));
        var scale =
            models.Larger.IsGam ? models.Larger.Read(ResidualDegrees.Scale)
            : models.Larger.IsGeneralized ? models.Larger.Read(Dispersion)
            : null;
        var f = new double[small.Length];
        for (var i = 0; i < f.Length; i++)
            f[i] = (small[i] - large[i]) / numerator[i] / (scale?[i] ?? large[i] / denominator[i]);
        return new(f, numerator, denominator);
    }

    /// <summary>2 (l₂ − l₁) divided by its degrees of freedom.</summary>
    public static TestStatistics OfLikelihoods(Nesting models)
    {
        var (small, large) = (models.Smaller.Read(LogLikelihood), models.Larger.Read(LogLikelihood));
        var (numerator, denominator) = models.Larger.IsMixed
            ? (Parameters(models.Smaller, small, models.Larger, large), new double[small.Length])
            : Degrees(models.Smaller.Read(ResidualDegrees.Column), models.Larger.Read(ResidualDegrees.Column));
        var f = new double[small.Length];
        for (var i = 0; i < f.Length; i++)
        {
            f[i] = 2 * (large[i] - small[i]) / numerator[i];
            if (!double.IsNaN(numerator[i]))
                denominator[i] = double.PositiveInfinity;
        }
        return new(f, numerator, denominator);
    }

    /// <summary>The parameters that the larger model has more, by AIC = 2 (parameters - log-likelihood).</summary>
    private static double[] Parameters(ComparedModel smaller, double[] ofSmaller, ComparedModel larger, double[] ofLarger)
    {
        var (one, other) = (smaller.Read(Criterion), larger.Read(Criterion));
        for (var i = 0; i < other.Length; i++)
        {
            var difference = Math.Round((other[i] / 2) + ofLarger[i] - (one[i] / 2) - ofSmaller[i]);
            other[i] = difference > 0 ? difference : double.NaN;
        }
        return other;
    }

    private static (double[] Numerator, double[] Denominator) Degrees(double[] small, double[] large)
    {
        var numerator = new double[small.Length];
        for (var i = 0; i < numerator.Length; i++)
        {
            var difference = small[i] - large[i];
            (numerator[i], large[i]) = difference >= SmallestDifference && large[i] > 0 ? (difference, large[i]) : (double.NaN, double.NaN);
        }
        return (numerator, large);
    }
}
