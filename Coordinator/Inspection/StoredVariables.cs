using System.Text.Json;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Coordinator.Inspection;

/// <summary>The variables of a model as they are stored with its results.</summary>
internal static class StoredVariables
{
    /// <summary>The name of the fact.</summary>
    public const string Name = "variables";

    /// <summary>The variables; none if they are not stored, or by a version that describes them differently.</summary>
    public static IReadOnlyList<VariableSummary> Read(AnalysisRecord record)
    {
        try
        {
            return record.Value(Name) is { } json
                ? JsonSerializer.Deserialize(json, VariablesJson.Default.IReadOnlyListVariableSummary) ?? []
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
