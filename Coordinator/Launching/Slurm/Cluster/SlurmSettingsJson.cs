using System.Text.Json.Serialization;

namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>The JSON of <c>slurm.json</c>, with the conventions of the rest of the run directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(SlurmSettings))]
internal sealed partial class SlurmSettingsJson : JsonSerializerContext;
