using System.Text.Json.Serialization;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>The JSON of <c>outcome.json</c>, with the conventions of the rest of the run directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true,
    Converters = [typeof(RoundIdJson), typeof(JobIdJson)]
)]
[JsonSerializable(typeof(RoundOutcome))]
internal sealed partial class AdvancingJson : JsonSerializerContext;
