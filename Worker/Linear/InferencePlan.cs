using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Linear;

/// <summary>What is computed from a fit besides coefficients and their variances; the same at every element.</summary>
/// <param name="Hypotheses">Contrasts and F tests.</param>
/// <param name="Standardises">Whether the columns' sums of squares are needed, for standardised coefficients.</param>
/// <param name="Alpha">1 - the coverage of the confidence intervals.</param>
/// <param name="StandardErrors">The estimator of the standard errors, <c>HC0</c> to <c>HC4</c>; null: least squares, or CR2.</param>
/// <param name="Clusters">The cluster of each subject, for the CR2 estimator; null: none.</param>
internal sealed record InferencePlan(
    IReadOnlyList<Hypothesis> Hypotheses,
    bool Standardises,
    double Alpha,
    string? StandardErrors,
    int[]? Clusters
)
{
    /// <summary>Whether standard errors are not those of least squares.</summary>
    public bool IsRobust => StandardErrors is not null || Clusters is not null;

    /// <summary>Whether the nuisance part of each hypothesis is needed, for shuffles.</summary>
    public bool KeepsNuisance { get; init; }

    /// <summary>The plan of a model.</summary>
    /// <exception cref="BadInputException">A contrast, test or cluster cannot be used with this model.</exception>
    public static InferencePlan Create(ModelSpec model, ModelDesign design, CohortTable cohort) =>
        new(
            HypothesisSet.Create(model, design),
            model.Hypotheses is { EffectSizes: true } && EffectSizes.CanStandardise(design),
            1 - (model.Hypotheses ?? new()).ConfLevel,
            model.Hypotheses?.StandardErrors,
            model.Hypotheses?.Cluster is { } column ? SubjectClusters.Read(cohort, column, design.CompleteRows) : null
        )
        {
            KeepsNuisance = model.Permutation is not null,
        };
}
