using System.Text.Json.Serialization;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>The content of a round's <c>local.json</c>: who launches its jobs as processes, and how they ended so far.</summary>
/// <param name="Launcher">The launching process.</param>
/// <param name="Ended">One entry for each job that has ended, in the order of their ends.</param>
internal sealed record LocalRecord(ClaimHolder Launcher, IReadOnlyList<JobReport> Ended);

/// <summary>The JSON of <c>local.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true,
    Converters = [typeof(JobIdJson)]
)]
[JsonSerializable(typeof(LocalRecord))]
internal sealed partial class LaunchingJson : JsonSerializerContext;
