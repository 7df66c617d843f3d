using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Custom;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Mixed;
using HpcFit.Worker.Generalized;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Reference;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Mixed.Terms;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Engines;

/// <summary>All engines, by the name in <see cref="ModelSpec.Engine"/>.</summary>
internal static class ModelEngines
{
    private static readonly Dictionary<string, EngineFactory> ByName = new(StringComparer.Ordinal)
    {
        ["gam"] = GamEngine.Create,
        ["gamm"] = MixedGamEngine.Create,
        ["glm"] = GeneralizedEngine.Create,
        ["lm"] = Linear,
        ["lmm"] = Mixed,
        ["custom"] = CustomEngine.Create,
    };

    private static IModelEngine Linear(ModelSpec model, CohortTable cohort, IReadOnlyList<string> scalars, string response) =>
        model.Permutation is null
            ? LinearEngine.Create(model, cohort, scalars, response)
            : PermutationEngine.Create(model, cohort, scalars, response);

    /// <inheritdoc cref="EngineFactory"/>
    /// <exception cref="BadInputException">There is no such engine, or it cannot use this formula, cohort or file.</exception>
    public static IModelEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    ) =>
        ByName.TryGetValue(model.Engine, out var create)
            ? create(model, cohortInFileOrder, scalarsOfFile, responseScalar)
            : throw new BadInputException(
                $"This worker fits no model '{model.Engine}'. Its models: "
                    + $"{string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal))}."
            );

    /// <summary>
    /// One random intercept has a faster engine than several random terms or slopes. <see cref="KernelChoice.Reference"/> computes the
    /// numbers of either from their definitions.
    /// </summary>
    private static IModelEngine Mixed(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    )
    {
        var isReference = KernelEnvironment.Read() == KernelChoice.Reference;
        if (RandomTerms.AreIn(Formula.Parse(model.Formula), cohortInFileOrder))
        {
            var several = StructuredEngine.Create(model, cohortInFileOrder, scalarsOfFile, responseScalar);
            return isReference ? ReferenceMixedEngine.From(several) : several;
        }
        var one = MixedEngine.Create(model, cohortInFileOrder, scalarsOfFile, responseScalar);
        return isReference ? ReferenceMixedEngine.From(one) : one;
    }
}
