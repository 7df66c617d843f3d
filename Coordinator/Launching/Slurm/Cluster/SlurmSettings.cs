using System.Text.Json.Serialization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>How a run uses the cluster: the content of <c>slurm.json</c>, so that later rounds are submitted like the first.</summary>
internal sealed record SlurmSettings : BatchSettings
{
    /// <summary>The request of a job, unless its round states another.</summary>
    public required JobRequest Job { get; init; }

    /// <summary>The request of the advance and watch jobs.</summary>
    public required JobRequest Advance { get; init; }

    /// <summary><c>--sbatch-option</c>, each one word of sbatch's command line.</summary>
    public IReadOnlyList<string> SbatchOptions { get; init; } = [];

    /// <summary><c>--sbatch-template</c>, absolute; null: the program's own.</summary>
    public string? Template { get; init; }

    /// <summary>The settings of a run; null when it was never submitted to a cluster.</summary>
    public static SlurmSettings? Read(RunDirectory run) =>
        File.Exists(run.ClusterFile) ? JsonFile.Read(run.ClusterFile, SlurmSettingsJson.Default.SlurmSettings) : null;

    /// <summary>Stores the settings of a run.</summary>
    public void Write(RunDirectory run) => JsonFile.Replace(run.ClusterFile, this, SlurmSettingsJson.Default.SlurmSettings);

    /// <summary>A job's request: what its round states, otherwise the run's settings.</summary>
    public JobRequest RequestOf(HpcFit.Shared.Runs.Job job) =>
        new(job.Resources?.MemoryBytes ?? Job.MemoryBytes, job.Resources?.Time ?? Job.Time, job.Resources?.Threads ?? Job.Threads);

    /// <summary>A job's request in the form of a round's record.</summary>
    public JobResources ResourcesOf(HpcFit.Shared.Runs.Job job) => RequestOf(job).ToResources();

    /// <summary>The partition of later rounds.</summary>
    public Partition Cut() => Cut(Job.Threads);

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
