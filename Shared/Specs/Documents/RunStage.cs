using System.Text.Json.Serialization;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Shared.Specs.Documents;

/// <summary>What the jobs of a stage divide among them: its units.</summary>
public enum StageAxis
{
    /// <summary>Elements: a block holds values of its elements, and any part of it can be used without the rest.</summary>
    Elements,

    /// <summary>Shuffles: a block holds counts over all of its shuffles, so it is used as a whole or not at all.</summary>
    Shuffles,
}

/// <summary>
/// A stage of a run after its fits. It has a folder in the run directory, with a document, partials, rounds and jobs of its own: a run
/// whose units are those of another axis.
/// </summary>
/// <param name="Name">Its name, which is also that of its folder.</param>
/// <param name="Axis">What its units are.</param>
/// <param name="Units">How many units it has, 0 to Units - 1.</param>
public sealed record RunStage(string Name, StageAxis Axis, long Units)
{
    /// <summary>What one unit is called, in the singular.</summary>
    [JsonIgnore]
    public string UnitName => NameOfUnit(Axis);

    /// <summary>What one unit of an axis is called, in the singular.</summary>
    public static string NameOfUnit(StageAxis axis) => axis == StageAxis.Shuffles ? "shuffle" : "element";
}

/// <summary>A stage as the probe proposes it: what its document has besides that of the run.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Layout">What its blocks hold.</param>
/// <param name="Estimates">What its units cost, in place of elements; its stripes are the cells in which units are counted.</param>
public sealed record ProposedStage(RunStage Stage, ResultLayout Layout, ProbeEstimates Estimates);
