namespace HpcFit.Shared.Specs;

/// <summary>
/// What is fitted at every element: everything here changes the numbers or the columns, so all of it is part of the run's digest.
/// The keys are ModelArray's argument names in camel case.
/// </summary>
public sealed record ModelSpec
{
    /// <summary>The <see cref="ColumnOrder"/> of the released ModelArray 0.1.5.</summary>
    public const string ReleasedColumnOrder = "0.1.5";

    /// <summary>The engine: <c>lm</c>, <c>lmm</c>, <c>gam</c> or <c>custom</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>R's model formula, as typed; empty for a custom model.</summary>
    public string Formula { get; init; } = "";

    /// <summary>The response scalar; null: the one on the left-hand side of the formula.</summary>
    public string? Scalar { get; init; }

    /// <summary>The cohort column of prior weights; null: none.</summary>
    public string? Weights { get; init; }

    /// <summary>
    /// The condition on the cohort that selects the subjects, as typed (R's <c>subset</c>); null: all subjects. Subjects for which it is
    /// missing are not selected.
    /// </summary>
    public string? Subset { get; init; }

    /// <summary>Contrast functions by factor: <c>site</c> to <c>contr.sum</c>.</summary>
    public IReadOnlyDictionary<string, string> Contrasts { get; init; } = new Dictionary<string, string>();

    /// <summary>An element is fitted when more than this many subjects of the subset are finite (ModelArray's
    /// <c>num.subj.lthr.abs</c>).</summary>
    public double NumSubjLthrAbs { get; init; } = 10;

    /// <summary>… and more than this fraction of the subset's subjects, all of the cohort without a condition (ModelArray's
    /// <c>num.subj.lthr.rel</c>).</summary>
    public double NumSubjLthrRel { get; init; } = 0.2;

    /// <summary>What both thresholds come to: an element is fitted when more subjects than this are finite.</summary>
    /// <param name="subjects">The number of subjects of the subset.</param>
    /// <returns>A number of subjects, not rounded; NaN if a threshold is.</returns>
    public double SubjectThreshold(int subjects) => Math.Max(subjects * NumSubjLthrRel, NumSubjLthrAbs);

    /// <summary>All statistics, regardless of the <c>Var…</c> lists (ModelArray's <c>full.outputs</c>).</summary>
    public bool FullOutputs { get; init; }

    /// <summary>Per-term statistics of lm and lmm, in the user's order; null: ModelArray's default. Empty: none.</summary>
    public IReadOnlyList<string>? VarTerms { get; init; }

    /// <summary>Model statistics, in the user's order; null: ModelArray's default of the engine. Empty: none.</summary>
    public IReadOnlyList<string>? VarModel { get; init; }

    /// <summary>Corrections of the terms' p-values, by R's names; null: ModelArray's default (<c>fdr</c>). Empty: none.</summary>
    public IReadOnlyList<string>? CorrectPValueTerms { get; init; }

    /// <summary>Corrections of the model's p-value (lm), by R's names; null: ModelArray's default (<c>fdr</c>). Empty: none.</summary>
    public IReadOnlyList<string>? CorrectPValueModel { get; init; }

    /// <summary>Adds a <c>-log10(p)</c> column, which does not underflow, for every p-value column.</summary>
    public bool Log10P { get; init; }

    /// <summary>
    /// Which ModelArray's order the columns have: <see cref="ReleasedColumnOrder"/>, or null for that of ModelArray since April 2026.
    /// </summary>
    public string? ColumnOrder { get; init; }

    /// <summary>Contrasts, tests of terms, effect sizes and robust standard errors; null: none was requested.</summary>
    public HypothesisSpec? Hypotheses { get; init; }

    /// <summary>Permutation tests of the hypotheses; null: none.</summary>
    public PermutationSpec? Permutation { get; init; }

    /// <summary>How maps of statistics are enhanced, for permutations; null: not at all.</summary>
    public EnhancementSpec? Enhancement { get; init; }

    /// <summary>The distribution of the response; null: normal with the identity link.</summary>
    public FamilySpec? Family { get; init; }

    /// <summary>Arguments of gam; null for other engines.</summary>
    public GamSpec? Gam { get; init; }

    /// <summary>Arguments of a linear mixed model; null for other engines.</summary>
    public MixedSpec? Mixed { get; init; }

    /// <summary>Arguments of a custom model; null for other engines.</summary>
    public CustomSpec? Custom { get; init; }
}
