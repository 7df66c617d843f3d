using System.Globalization;
using System.Text.Json.Serialization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>How a run uses the cluster: the content of <c>slurm.json</c>, so that later rounds are submitted like the first.</summary>
internal sealed record SlurmSettings : BatchSettings
{
    private const long BytesPerMegabyte = 1L << 20;

    /// <summary><c>--sbatch-option</c>, each one word of sbatch's command line.</summary>
    public IReadOnlyList<string> SbatchOptions { get; init; } = [];

    /// <summary><c>--sbatch-template</c>, absolute; null: the program's own.</summary>
    public string? Template { get; init; }

    /// <summary>The settings of a run; null when it was never submitted to a cluster.</summary>
    public static SlurmSettings? Read(RunDirectory run) =>
        File.Exists(run.ClusterFile) ? JsonFile.Read(run.ClusterFile, SlurmSettingsJson.Default.SlurmSettings) : null;

    /// <summary>Stores the settings of a run.</summary>
    public void Write(RunDirectory run) => JsonFile.Replace(run.ClusterFile, this, SlurmSettingsJson.Default.SlurmSettings);

    /// <summary>The options of sbatch that request what a job gets.</summary>
    public static IEnumerable<string> Request(JobResources job)
    {
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={job.Threads ?? 1}");
        if (job.MemoryBytes is { } bytes)
            yield return string.Create(CultureInfo.InvariantCulture, $"--mem={(bytes + BytesPerMegabyte - 1) / BytesPerMegabyte}M");
        if (job.Time is { } time)
            yield return "--time=" + SlurmTime.Format(time);
    }

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
