using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Linear;

/// <summary>What is computed from a fit besides coefficients and their variances; the same at every element.</summary>
/// <param name="Hypotheses">Contrasts and F tests.</param>
/// <param name="Standardises">Whether the columns' sums of squares are needed, for standardised coefficients.</param>
/// <param name="Alpha">1 - the coverage of the confidence intervals.</param>
internal sealed record InferencePlan(IReadOnlyList<Hypothesis> Hypotheses, bool Standardises, double Alpha)
{
    /// <summary>The plan of a model.</summary>
    /// <exception cref="HpcFit.Shared.Failures.BadInputException">A contrast or test cannot be used with this model matrix.</exception>
    public static InferencePlan Create(ModelSpec model, ModelDesign design) =>
        new(
            HypothesisSet.Create(model, design),
            model.Hypotheses is { EffectSizes: true } && EffectSizes.CanStandardise(design),
            1 - (model.Hypotheses ?? new()).ConfLevel
        );
}
