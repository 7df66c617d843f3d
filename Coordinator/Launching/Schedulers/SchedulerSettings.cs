using System.Text.Json.Serialization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// How a run uses a scheduler: the content of its <c>cluster.json</c>, with the whole description, so that later rounds are submitted like
/// the first.
/// </summary>
internal sealed record SchedulerSettings : BatchSettings
{
    /// <summary>The scheduler.</summary>
    public required SchedulerDescription Scheduler { get; init; }

    /// <summary><c>--submit-option</c>, each one word of the submitting command.</summary>
    public IReadOnlyList<string> SubmitOptions { get; set; } = [];

    /// <summary>The settings of a run; null when it was never submitted to such a scheduler.</summary>
    public static SchedulerSettings? Read(RunDirectory run) =>
        File.Exists(run.SchedulerSettingsFile) ? JsonFile.Read(run.SchedulerSettingsFile, SchedulerJson.Default.SchedulerSettings) : null;

    /// <summary>Stores the settings of a run.</summary>
    public void Write(RunDirectory run) => JsonFile.Replace(run.SchedulerSettingsFile, this, SchedulerJson.Default.SchedulerSettings);
}

/// <summary>The JSON of a run's scheduler settings and submissions, with the conventions of the rest of the run directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(SchedulerSettings))]
[JsonSerializable(typeof(SubmittedRound))]
[JsonSerializable(typeof(SubmittedJob))]
internal sealed partial class SchedulerJson : JsonSerializerContext;
