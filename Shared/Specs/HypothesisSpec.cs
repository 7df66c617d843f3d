namespace HpcFit.Shared.Specs;

/// <summary>
/// Hypotheses about the coefficients of a linear model, effect sizes, and how standard errors are estimated. All of it changes the numbers
/// or the columns, so it is part of the run's digest.
/// </summary>
public sealed record HypothesisSpec
{
    /// <summary>The type of the tests of terms that <c>car::Anova</c> has by default.</summary>
    public const string TypeTwo = "II";

    /// <summary>The type that does not depend on how factors are coded, as SAS defines it.</summary>
    public const string TypeThree = "III";

    /// <summary>Named linear combinations of coefficients, tested by t, in the order given.</summary>
    public IReadOnlyList<ContrastSpec> Contrasts { get; init; } = [];

    /// <summary>
    /// Tests by F, each a list of terms (<c>site, site:sex</c>) or of contrasts, optionally named (<c>any: old-young, old-mid</c>).
    /// </summary>
    public IReadOnlyList<string> FTests { get; init; } = [];

    /// <summary>The type of the tests of terms: <see cref="TypeTwo"/> or <see cref="TypeThree"/>.</summary>
    public string AnovaType { get; init; } = TypeTwo;

    /// <summary>Whether confidence limits and effect sizes are computed.</summary>
    public bool EffectSizes { get; init; }

    /// <summary>The coverage of the confidence intervals.</summary>
    public double ConfLevel { get; init; } = 0.95;

    /// <summary>The estimator of the standard errors, <c>HC0</c> to <c>HC4</c>; null: that of least squares.</summary>
    public string? StandardErrors { get; init; }

    /// <summary>The cohort column whose values define clusters of subjects, for the CR2 estimator; null: none.</summary>
    public string? Cluster { get; init; }

    /// <summary>Whether nothing is requested.</summary>
    public bool RequestsNothing() =>
        this is { Contrasts: [], FTests: [], AnovaType: TypeTwo, EffectSizes: false, ConfLevel: 0.95, StandardErrors: null, Cluster: null };
}
