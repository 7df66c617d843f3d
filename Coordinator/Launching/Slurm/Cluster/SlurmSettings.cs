using System.Text.Json.Serialization;
using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>How a run uses the cluster: the content of <c>slurm.json</c>, so that later rounds are submitted like the first.</summary>
internal sealed record SlurmSettings
{
    /// <summary>The request of a job, unless its round states another.</summary>
    public required JobRequest Job { get; init; }

    /// <summary>The request of the advance and watch jobs.</summary>
    public required JobRequest Advance { get; init; }

    /// <summary><c>--partition</c>; null: the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary><c>--account</c>.</summary>
    public string? Account { get; init; }

    /// <summary><c>--qos</c>.</summary>
    public string? Qos { get; init; }

    /// <summary><c>--module</c>, loaded in this order before anything else.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary><c>--sbatch-option</c>, each one word of sbatch's command line.</summary>
    public IReadOnlyList<string> SbatchOptions { get; init; } = [];

    /// <summary><c>--array-throttle</c>: the maximum number of running tasks; null: no limit.</summary>
    public int? ArrayThrottle { get; init; }

    /// <summary><c>--sbatch-template</c>, absolute; null: the program's own.</summary>
    public string? Template { get; init; }

    /// <summary><c>--retries</c>.</summary>
    public int Retries { get; init; } = 2;

    /// <summary><c>--max-rounds</c>.</summary>
    public int MaxRounds { get; init; } = 5;

    /// <summary><c>--watch-every</c>: the interval at which a short job checks that the run still advances.</summary>
    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>--metadata-timeout</c>; null: the defaults, which differ between jobs and the steps that follow them.</summary>
    public TimeSpan? MetadataTimeout { get; init; }

    /// <summary><c>--jobs</c>.</summary>
    public long? Jobs { get; init; }

    /// <summary><c>--elements-per-job</c>.</summary>
    public long? ElementsPerJob { get; init; }

    /// <summary><c>--target-time</c>.</summary>
    public TimeSpan? TargetTime { get; init; }

    /// <summary>
    /// The run directory that the advance and watch jobs advance, absolute: for a stage the run or batch that it belongs to. Null: this
    /// run.
    /// </summary>
    public string? Advances { get; init; }

    /// <summary>The path of <c>hpcfit</c> on the nodes.</summary>
    public required string Coordinator { get; init; }

    /// <summary>The path of <c>hpcfit-worker</c> on the nodes.</summary>
    public required string Worker { get; init; }

    /// <summary>Environment variables of the jobs.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The settings of a run; null when it was never submitted to a cluster.</summary>
    public static SlurmSettings? Read(RunDirectory run) =>
        File.Exists(run.ClusterFile) ? JsonFile.Read(run.ClusterFile, SlurmSettingsJson.Default.SlurmSettings) : null;

    /// <summary>Stores the settings of a run.</summary>
    public void Write(RunDirectory run) => JsonFile.Replace(run.ClusterFile, this, SlurmSettingsJson.Default.SlurmSettings);

    /// <summary>A job's request: what its round states, otherwise the run's settings.</summary>
    public JobRequest RequestOf(HpcFit.Shared.Runs.Job job) =>
        new(job.Resources?.MemoryBytes ?? Job.MemoryBytes, job.Resources?.Time ?? Job.Time, job.Resources?.Threads ?? Job.Threads);

    /// <summary>A job's request in the form of a round's record.</summary>
    public JobResources ResourcesOf(HpcFit.Shared.Runs.Job job) =>
        new()
        {
            MemoryBytes = RequestOf(job).MemoryBytes,
            Time = RequestOf(job).Time,
            Threads = RequestOf(job).Threads,
        };

    /// <summary>The partition of later rounds.</summary>
    public Partition Cut() =>
        new()
        {
            Threads = Job.Threads,
            Jobs = Jobs,
            ElementsPerJob = ElementsPerJob,
            TargetTime = TargetTime,
        };

    /// <summary>The options of sbatch for partition, account and the like, the same for all jobs.</summary>
    public IEnumerable<string> Placement()
    {
        if (Partition is not null)
            yield return "--partition=" + Partition;
        if (Account is not null)
            yield return "--account=" + Account;
        if (Qos is not null)
            yield return "--qos=" + Qos;
        foreach (var option in SbatchOptions)
            yield return option;
    }
}

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
