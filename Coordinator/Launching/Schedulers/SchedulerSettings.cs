using System.Text.Json.Serialization;
using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// How a run uses a scheduler: the content of its <c>cluster.json</c>, with the whole description, so that later rounds are submitted like
/// the first.
/// </summary>
internal sealed record SchedulerSettings
{
    /// <summary>The scheduler.</summary>
    public required SchedulerDescription Scheduler { get; init; }

    /// <summary>The request of a job, unless its round states another.</summary>
    public required JobResources Job { get; init; }

    /// <summary>The request of the advance and watch jobs.</summary>
    public required JobResources Advance { get; init; }

    /// <summary><c>--partition</c>; null: the scheduler's default.</summary>
    public string? Partition { get; init; }

    /// <summary><c>--account</c>.</summary>
    public string? Account { get; init; }

    /// <summary><c>--qos</c>.</summary>
    public string? Qos { get; init; }

    /// <summary><c>--module</c>, loaded in this order before anything else.</summary>
    public IReadOnlyList<string> Modules { get; set; } = [];

    /// <summary><c>--submit-option</c>, each one word of the submitting command.</summary>
    public IReadOnlyList<string> SubmitOptions { get; set; } = [];

    /// <summary><c>--array-throttle</c>: the maximum number of running tasks; null: no limit.</summary>
    public int? ArrayThrottle { get; init; }

    /// <summary><c>--retries</c>.</summary>
    public int Retries { get; set; } = 2;

    /// <summary><c>--max-rounds</c>.</summary>
    public int MaxRounds { get; set; } = 5;

    /// <summary><c>--watch-every</c>.</summary>
    public TimeSpan WatchEvery { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary><c>--metadata-timeout</c>; null: the defaults, which differ between jobs and the steps that follow them.</summary>
    public TimeSpan? MetadataTimeout { get; init; }

    /// <summary><c>--jobs</c>.</summary>
    public long? Jobs { get; init; }

    /// <summary><c>--elements-per-job</c>.</summary>
    public long? ElementsPerJob { get; init; }

    /// <summary><c>--target-time</c>.</summary>
    public TimeSpan? TargetTime { get; init; }

    /// <summary>The run that the advance jobs of a stage advance, absolute; null: this run.</summary>
    public string? Advances { get; init; }

    /// <summary>The path of <c>hpcfit</c> on the nodes.</summary>
    public required string Coordinator { get; init; }

    /// <summary>The path of <c>hpcfit-worker</c> on the nodes.</summary>
    public required string Worker { get; init; }

    /// <summary>Environment variables of the jobs.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>The settings of a run; null when it was never submitted to such a scheduler.</summary>
    public static SchedulerSettings? Read(RunDirectory run) =>
        File.Exists(run.SchedulerSettingsFile) ? JsonFile.Read(run.SchedulerSettingsFile, SchedulerJson.Default.SchedulerSettings) : null;

    /// <summary>Stores the settings of a run.</summary>
    public void Write(RunDirectory run) => JsonFile.Replace(run.SchedulerSettingsFile, this, SchedulerJson.Default.SchedulerSettings);

    /// <summary>A job's request: what its round states, otherwise the run's settings.</summary>
    public JobResources RequestOf(Job job) =>
        new()
        {
            MemoryBytes = job.Resources?.MemoryBytes ?? Job.MemoryBytes,
            Time = job.Resources?.Time ?? Job.Time,
            Threads = job.Resources?.Threads ?? Job.Threads,
        };

    /// <summary>The partition of later rounds.</summary>
    public Partition Cut() =>
        new()
        {
            Threads = Job.Threads ?? 1,
            Jobs = Jobs,
            ElementsPerJob = ElementsPerJob,
            TargetTime = TargetTime,
        };
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
