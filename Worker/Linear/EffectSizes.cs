using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Which statistics, besides those of R's summary, each coefficient, contrast and F test has: confidence limits and effect sizes, and the
/// degrees of freedom where they are not the model's.
/// </summary>
/// <remarks>
/// Partial R² = t² / (t² + df), its root with the sign of t (partial correlation), Cohen's f² = t² / df (Cohen 1988, section 9.3); for F
/// tests F df1 in place of t². Cohen's d = estimate / σ. The standardised coefficient is β sd(column) / sd(response). Effect sizes use the
/// least squares t, also with robust standard errors: they measure fractions of variance.
/// </remarks>
internal sealed class EffectSizes
{
    private static readonly string[] OfCombinations = ["conf.low", "conf.high", "partial.rsq", "partial.r", "cohens.f2"];
    private static readonly string[] OfTests = ["F.partial.rsq", "F.cohens.f2"];
    private static readonly string[] Tests = ["F.statistic", "F.df1", "F.df2", "F.p.value"];

    private readonly bool _areComputed;
    private readonly bool _hasDegrees;
    private readonly bool[] _isLevelDifference;
    private readonly bool _isStandardised;

    private EffectSizes(bool areComputed, bool hasDegrees, bool[] isLevelDifference, bool isStandardised) =>
        (_areComputed, _hasDegrees, _isLevelDifference, _isStandardised) = (areComputed, hasDegrees, isLevelDifference, isStandardised);

    /// <summary>No additional statistics.</summary>
    public static EffectSizes None { get; } = new(false, false, [], false);

    /// <summary>What a spec requests for a model matrix.</summary>
    public static EffectSizes Create(ModelSpec spec, ModelDesign design) =>
        new(
            spec.Hypotheses is { EffectSizes: true },
            spec.Hypotheses is { Cluster: not null },
            [.. Enumerable.Range(0, design.Columns.Count).Select(column => LevelDifference.OfCoefficient(column, design))],
            CanStandardise(design)
        );

    /// <summary>
    /// Whether the columns' standard deviations follow from the factors: the model has an intercept, and the response no offset.
    /// </summary>
    public static bool CanStandardise(ModelDesign design) => design.HasIntercept && design.Formula.Offsets.Count == 0;

    /// <summary>The additional statistics of a coefficient.</summary>
    public IEnumerable<string> OfCoefficient(int coefficient) =>
        [
            .. _hasDegrees ? ["df"] : (string[])[],
            .. _areComputed ? OfCombinations : [],
            .. _areComputed && _isLevelDifference[coefficient] ? ["cohens.d"] : (string[])[],
            .. _areComputed && _isStandardised && coefficient > 0 ? ["std.estimate"] : (string[])[],
        ];

    /// <summary>All statistics of a contrast or F test.</summary>
    public IEnumerable<string> OfHypothesis(Hypothesis hypothesis) =>
        hypothesis.Kind == HypothesisKind.F
            ? [.. Tests, .. _areComputed ? OfTests : []]
            :
            [
                .. LinearColumns.TermStatistics,
                .. _hasDegrees ? ["df"] : (string[])[],
                .. _areComputed ? OfCombinations : [],
                .. _areComputed && hypothesis.IsLevelDifference ? ["cohens.d"] : (string[])[],
            ];

    /// <summary>Warnings about requests without effect.</summary>
    public static IEnumerable<string> Ineffective(ModelSpec spec, ModelDesign design)
    {
        if (spec.Hypotheses is not { } requested)
            yield break;
        if (requested is { StandardErrors: not null } or { Cluster: not null })
            yield return "Robust standard errors do not apply to the model's own F test (model.statistic, model.p.value), which is that of "
                + "least squares. Test all terms with --f-test, or add the contrasts of interest.";
        if (requested.Cluster is not null && spec.FullOutputs)
            yield return "--full-outputs adds no F tests of terms with --cluster, whose degrees of freedom hold for single contrasts only.";
        if (requested.EffectSizes && !CanStandardise(design))
            yield return "--effect-sizes: std.estimate is not computed, which needs an intercept and no offset.";
        foreach (var warning in HypothesisSet.WithoutLimits(spec))
            yield return warning;
    }
}
