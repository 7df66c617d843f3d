using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Worker.Pipeline;

/// <summary>What follows the fits of a model.</summary>
/// <param name="Stages">The stages.</param>
/// <param name="Layout">The columns of the fits, and those that come from the stages.</param>
internal sealed record ModelStages(IReadOnlyList<ProposedStage> Stages, ResultLayout Layout)
{
    /// <summary>Warnings about the stages and their files, in addition to those of the model.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Finds the stages of a model after its fits; null: it has none.</summary>
/// <param name="model">The model.</param>
/// <param name="ofFits">What its fits cost.</param>
internal delegate ModelStages? StageFinder(RunModel model, ProbeEstimates ofFits);
