namespace HpcFit.Shared.Specs;

/// <summary>
/// The permutation tests of a model's hypotheses. All of it changes the numbers, so it is part of the run's digest; of the files their
/// content is, not their paths.
/// </summary>
public sealed record PermutationSpec
{
    /// <summary>Residuals of the nuisance part are shuffled (Freedman and Lane 1983; Winkler et al. 2014).</summary>
    public const string FreedmanLane = "freedman-lane";

    /// <summary>The residual of the tested regressor is shuffled (Dekker et al. 2007), for hypotheses of one row.</summary>
    public const string Dekker = "dekker";

    /// <summary>Exchangeable errors: rows are permuted.</summary>
    public const string Exchangeable = "ee";

    /// <summary>Independent and symmetric errors: signs are flipped.</summary>
    public const string Symmetric = "ise";

    /// <summary>Rows are permuted and signs flipped.</summary>
    public const string Both = "both";

    /// <summary>Contrasts are tested for effects above 0.</summary>
    public const string Greater = "greater";

    /// <summary>Contrasts are tested for effects below 0.</summary>
    public const string Less = "less";

    /// <summary>Elements with missing subjects are outside the maximum.</summary>
    public const string Exclude = "exclude";

    /// <summary>Elements with missing subjects have the shuffles without the missing rows.</summary>
    public const string Pattern = "pattern";

    /// <summary>The generalised Pareto distribution.</summary>
    public const string GeneralisedPareto = "gpd";

    /// <summary>
    /// The number of shuffles, of which shuffle 0 is the identity; fewer where no more are possible; null: all of <see cref="File"/>.
    /// </summary>
    public long? Count { get; init; }

    /// <summary>The key of the random numbers.</summary>
    public long Seed { get; init; } = 1;

    /// <summary><see cref="FreedmanLane"/> or <see cref="Dekker"/>.</summary>
    public string Method { get; init; } = FreedmanLane;

    /// <summary>
    /// <see cref="Exchangeable"/>, <see cref="Symmetric"/> or <see cref="Both"/>; null: <see cref="Symmetric"/> for hypotheses that test
    /// the intercept, otherwise <see cref="Exchangeable"/>.
    /// </summary>
    public string? Errors { get; init; }

    /// <summary>
    /// The side of contrasts that is tested, <see cref="Greater"/> or <see cref="Less"/>; null: both. F tests have one side by nature.
    /// </summary>
    public string? Alternative { get; init; }

    /// <summary>The cohort column within whose values subjects are exchangeable; null: none.</summary>
    public string? Within { get; init; }

    /// <summary>The cohort column whose values are exchanged as a whole; null: none.</summary>
    public string? Whole { get; init; }

    /// <summary>The table of exchangeability blocks as PALM has it (CSV, one row per subject), absolute; null: none.</summary>
    public string? Blocks { get; init; }

    /// <summary>Whether repeated subjects are exchangeable although nothing says which of them are (<c>--exchange none</c>).</summary>
    public bool IgnoresRepeats { get; init; }

    /// <summary>The file of the shuffles, absolute; null: they are drawn.</summary>
    public string? File { get; init; }

    /// <summary>The cohort column of groups with their own variance; null: one variance.</summary>
    public string? VarianceGroups { get; init; }

    /// <summary>Whether the maximum is also taken over all hypotheses, of z.</summary>
    public bool FweOverContrasts { get; init; }

    /// <summary>
    /// <see cref="Exclude"/> or <see cref="Pattern"/>; null: excluded where at least 95 % of the elements are complete, otherwise refused.
    /// </summary>
    public string? Missing { get; init; }

    /// <summary>The distribution fitted to the tail of the maxima, <see cref="GeneralisedPareto"/>; null: none.</summary>
    public string? Tail { get; init; }
}
