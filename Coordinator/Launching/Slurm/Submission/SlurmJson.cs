using System.Text.Json.Serialization;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>The JSON of <c>scheduler.json</c>, with the conventions of the rest of the run directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(RoundSubmission))]
[JsonSerializable(typeof(CompanionSubmission))]
internal sealed partial class SlurmJson : JsonSerializerContext;
