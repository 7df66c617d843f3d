namespace HpcFit.Worker.Families;

/// <summary>
/// A link function η = g(μ) between the mean of the response and the linear predictor. Immutable. Functions are those of
/// <see cref="Distributions.ReproducibleMath"/>: the same bits on every machine.
/// </summary>
internal abstract class Link
{
    /// <summary>R's name.</summary>
    public abstract string Name { get; }

    /// <summary>g(μ).</summary>
    public abstract double Apply(double mean);

    /// <summary>Replaces each mean by g(μ), as for one.</summary>
    public virtual void Apply(Span<double> means)
    {
        for (var i = 0; i < means.Length; i++)
            means[i] = Apply(means[i]);
    }

    /// <summary>
    /// Whether predictors have no unit, as those of the log and of probabilities: then changes of a predictor are small relative to 1.
    /// </summary>
    public virtual bool IsUnitFree => false;

    /// <summary>μ and dμ/dη of a predictor for which <see cref="IsValid"/> holds.</summary>
    public abstract (double Mean, double Slope) Invert(double predictor);

    /// <summary>μ and dμ/dη of many predictors, each as for one.</summary>
    public virtual void Invert(ReadOnlySpan<double> predictors, Span<double> means, Span<double> slopes)
    {
        for (var i = 0; i < predictors.Length; i++)
            (means[i], slopes[i]) = Invert(predictors[i]);
    }

    /// <summary>Whether some mean has this predictor.</summary>
    public virtual bool IsValid(double predictor) => double.IsFinite(predictor);

    /// <summary>The derivatives of g at a mean and its predictor.</summary>
    public abstract LinkDerivatives Derivatives(double mean, double predictor);

    /// <summary>The link with one of R's names.</summary>
    public static Link Create(string name) =>
        name switch
        {
            "logit" => new LogitLink(),
            "probit" => new ProbitLink(),
            "cauchit" => new CauchitLink(),
            "cloglog" => new ComplementaryLogLogLink(),
            "log" => new LogLink(),
            "identity" => new IdentityLink(),
            "inverse" => new InverseLink(),
            "sqrt" => new SquareRootLink(),
            "1/mu^2" => new InverseSquareLink(),
            _ => throw new ArgumentException($"There is no link '{name}'.", nameof(name)),
        };
}

/// <summary>g', g'', g''' and g'''' of a link g, as functions of the mean.</summary>
internal readonly record struct LinkDerivatives(double First, double Second, double Third, double Fourth);
