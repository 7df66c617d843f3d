using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>How a run uses the cluster: the content of <c>slurm.json</c>, so that later rounds are submitted as the first was.</summary>
internal sealed record SlurmSettings
{
    /// <summary>What a job asks for where its round says no more.</summary>
    public required JobRequest Job { get; init; }

    /// <summary>What the advance and watch jobs ask for.</summary>
    public required JobRequest Advance { get; init; }

    /// <summary><c>--partition</c>; null: the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary><c>--account</c>.</summary>
    public string? Account { get; init; }

    /// <summary><c>--qos</c>.</summary>
    public string? Qos { get; init; }

    /// <summary><c>--sbatch-option</c>, each one word of sbatch's command line.</summary>
    public IReadOnlyList<string> SbatchOptions { get; init; } = [];

    /// <summary><c>--array-throttle</c>: tasks at work at a time; null: as many as the cluster starts.</summary>
    public int? ArrayThrottle { get; init; }

    /// <summary><c>--sbatch-template</c>, absolute; null: the program's own.</summary>
    public string? Template { get; init; }

    /// <summary><c>--retries</c>.</summary>
    public int Retries { get; init; } = 2;

    /// <summary><c>--max-rounds</c>.</summary>
    public int MaxRounds { get; init; } = 5;

    /// <summary><c>--watch-every</c>: how often a short job looks whether the run still goes on.</summary>
    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>--metadata-timeout</c>; null: the defaults, which differ between jobs and the steps that follow them.</summary>
    public TimeSpan? MetadataTimeout { get; init; }

    /// <summary><c>--jobs</c>.</summary>
    public long? Jobs { get; init; }

    /// <summary><c>--elements-per-job</c>.</summary>
    public long? ElementsPerJob { get; init; }

    /// <summary><c>--target-time</c>.</summary>
    public TimeSpan? TargetTime { get; init; }

    /// <summary>The program <c>hpcfit</c>, as the nodes see it.</summary>
    public required string Coordinator { get; init; }

    /// <summary>The program <c>hpcfit-worker</c>.</summary>
    public required string Worker { get; init; }

    /// <summary>Variables that jobs get.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Those of a run; null when it was never submitted to a cluster.</summary>
    public static SlurmSettings? Read(RunDirectory run) =>
        File.Exists(run.ClusterFile) ? JsonFile.Read(run.ClusterFile, SlurmSettingsJson.Default.SlurmSettings) : null;

    /// <summary>Keeps them.</summary>
    public void Write(RunDirectory run) => JsonFile.Replace(run.ClusterFile, this, SlurmSettingsJson.Default.SlurmSettings);

    /// <summary>What a job asks for: what its round says, and the run's wishes where it says nothing.</summary>
    public JobRequest RequestOf(HpcFit.Shared.Runs.Job job) =>
        new(job.Resources?.MemoryBytes ?? Job.MemoryBytes, job.Resources?.Time ?? Job.Time, job.Resources?.Threads ?? Job.Threads);

    /// <summary>The same as a round's record has it.</summary>
    public JobResources ResourcesOf(HpcFit.Shared.Runs.Job job) =>
        new()
        {
            MemoryBytes = RequestOf(job).MemoryBytes,
            Time = RequestOf(job).Time,
            Threads = RequestOf(job).Threads,
        };

    /// <summary>How later rounds are cut.</summary>
    public Partition Cut() =>
        new()
        {
            Threads = Job.Threads,
            Jobs = Jobs,
            ElementsPerJob = ElementsPerJob,
            TargetTime = TargetTime,
        };

    /// <summary>Options of sbatch that say where jobs go, the same for all of them.</summary>
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
