using System.Text.Json.Serialization;

namespace HpcFit.Coordinator.Comparing;

/// <summary>The JSON of <c>hpcfit compare --json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(ComparisonSummary))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
