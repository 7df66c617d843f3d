using System.Text.Json;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Coordinator.Provenance;

/// <summary>The subjects and variables of a model as attributes of its results.</summary>
internal static class FrameAttributes
{
    /// <summary>The attributes; facts that do not apply have none.</summary>
    public static IEnumerable<AttributeContent> Create(ModelFrame frame)
    {
        yield return AttributeContent.Integer("hpcfit_subjects_in_file", frame.SubjectsInFile);
        yield return AttributeContent.Integer("hpcfit_subjects_selected", frame.Selected);
        if (frame.Undecided > 0)
            yield return AttributeContent.Integer("hpcfit_subjects_undecided", frame.Undecided);
        if (frame.ZeroWeights > 0)
            yield return AttributeContent.Integer("hpcfit_subjects_of_weight_zero", frame.ZeroWeights);
        if (frame.Missing.Count > 0)
            yield return AttributeContent.Texts("hpcfit_missing", [.. frame.Missing.Select(one => $"{one.Variable}={one.Subjects}")]);
        yield return AttributeContent.Text(
            "hpcfit_variables",
            JsonSerializer.Serialize(frame.Variables, VariablesJson.Default.IReadOnlyListVariableSummary)
        );
    }
}
