using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Mixed;
using HpcFit.Worker.Generalized;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Reference;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Summaries;

/// <summary>Prints one element's fit: the statistics that a run with full outputs stores.</summary>
internal static class ElementSummary
{
    /// <summary>Fits an element and formats the result as R's summary does.</summary>
    /// <param name="spec">The model and its data; the outputs it requests are ignored.</param>
    /// <param name="number">The element, counted from 1.</param>
    /// <param name="describe">Receives the subjects and variables of the model, before it is fitted.</param>
    /// <param name="warn">Receives warnings about the model: aliased predictors, arguments without effect.</param>
    /// <exception cref="BadInputException">There is no such element, its fit failed, or the spec cannot be used.</exception>
    public static IReadOnlyList<string> Lines(RunSpec spec, long number, Action<ModelFrame>? describe = null, Action<string>? warn = null)
    {
        spec = spec with
        {
            Model = spec.Model with
            {
                FullOutputs = true,
                Log10P = false,
                Gam = spec.Model.Gam is { } gam
                    ? gam with
                    {
                        SmoothCurves = 0,
                        SmoothDerivatives = false,
                        SmoothIntervals = null,
                        ChangedRsqTermIndex = [],
                    }
                    : null,
            },
        };
        using var model = RunModel.Open(spec, ModelEngines.Create, new());
        var id = ElementNumber.ToId(number, model.Engine.Scalars[0], model.Inputs.TotalElements);
        var title = ElementNumber.Title(id, model.Inputs.TotalElements);
        describe?.Invoke(model.Frame);
        foreach (var warning in model.Warnings)
            warn?.Invoke(warning);
        using var fitter = new StripeFitter(model);
        var element = new ElementRange(id, id + 1);
        fitter.Read(element);
        double[] results = [];
        var status = ElementStatus.Fitted;
        fitter.Fit(element, (block, _) => (results, status) = (block.Columns().ToArray(), block.Status[0]), CancellationToken.None);
        var block = fitter.Values(element);
        if (results.All(double.IsNaN))
            throw new BadInputException(
                $"The {title}, has no fit of '{spec.Model.Formula}': its status is {(int)status}, {status}. "
                    + (
                        status == ElementStatus.InvalidValue && RangeOfFamily(model.Engine, block) is { Length: > 0 } range
                            ? range
                            : StatusAdvice.For(status, spec.Model)
                    )
            );
        return (model.Engine is ReferenceMixedEngine reference ? reference.Engine : model.Engine) switch
        {
            LinearEngine linear => [title, .. LinearSummary.Lines(linear, spec.Model, block, results)],
            GeneralizedEngine generalized => [title, .. GeneralizedSummary.Lines(generalized, spec.Model, results)],
            MixedEngine mixed => [title, .. MixedSummary.Lines(mixed, spec.Model, results)],
            StructuredEngine structured => [title, .. StructuredSummary.Lines(structured, spec.Model, results)],
            MixedGamEngine additive => [title, .. MixedGamSummary.Lines(additive, spec.Model, block, results)],
            GamEngine additive => [title, .. GamSummary.Lines(additive, spec.Model, block, results)],
            _ => throw new BadInputException($"--model {spec.Model.Engine} has no summary. Models that have one: gam, gamm, lm, lmm."),
        };
    }

    /// <summary>The responses that the family has, and the first of the element's that is not one of them.</summary>
    private static string RangeOfFamily(IModelEngine engine, in ScalarBlock block) =>
        engine switch
        {
            GeneralizedEngine of => $"Responses of --family {of.Family.Name} are {of.ResponseRange}."
                + InvalidResponse.Describe(of.Design, block, of.Accepts),
            GamEngine { Model: { Family: { } family } model } => $"Responses of --family {family.Name} are {family.Range}."
                + InvalidResponse.Describe(model.Design, block, family.Accepts),
            MixedGamEngine { Gam.Model: { Family: { } family } model } => $"Responses of --family {family.Name} are {family.Range}."
                + InvalidResponse.Describe(model.Design, block, family.Accepts),
            _ => "",
        };
}
