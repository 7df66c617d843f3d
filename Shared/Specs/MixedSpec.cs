namespace HpcFit.Shared.Specs;

/// <summary>The arguments of a linear mixed model beyond its formula.</summary>
public sealed record MixedSpec
{
    /// <summary>Degrees of freedom by Satterthwaite's method.</summary>
    public const string Satterthwaite = "satterthwaite";

    /// <summary>Degrees of freedom and standard errors by the method of Kenward and Roger.</summary>
    public const string KenwardRoger = "kr";

    /// <summary>No degrees of freedom: tests and intervals of the normal distribution.</summary>
    public const string Normal = "normal";

    /// <summary>The observations less the fixed effects, as degrees of freedom.</summary>
    public const string Residual = "residual";

    /// <summary>Whether variances maximise the likelihood instead of the restricted likelihood.</summary>
    public bool Ml { get; init; }

    /// <summary>
    /// The degrees of freedom of tests: <see cref="Satterthwaite"/>, <see cref="KenwardRoger"/>, <see cref="Residual"/> or
    /// <see cref="Normal"/>.
    /// </summary>
    public string Df { get; init; } = Satterthwaite;

    /// <summary>Tests the random intercept by the simulated distribution of the likelihood ratio.</summary>
    public const string Exact = "exact";

    /// <summary>
    /// The grouping factor whose random intercept is tested by a mixture of chi-square distributions, or <see cref="Exact"/>; null: none.
    /// </summary>
    public string? TestRandom { get; init; }

    /// <summary>The coverage of confidence intervals; null: none are computed.</summary>
    public double? ConfLevel { get; init; }
}
