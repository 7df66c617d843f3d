using System.Text.Json.Serialization;

namespace HpcFit.Shared.Specs.Variables;

/// <summary>The JSON of a model's variables as it is stored with results: on one line, keys as in <c>run.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(IReadOnlyList<VariableSummary>))]
public sealed partial class VariablesJson : JsonSerializerContext;
