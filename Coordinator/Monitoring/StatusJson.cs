using System.Text.Json.Serialization;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>The JSON of <c>hpcfit status --json</c>: one object per line, so that <c>--watch</c> prints JSON lines.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(RoundIdJson), typeof(JobIdJson)]
)]
[JsonSerializable(typeof(RunStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
