using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>
/// How a run uses a batch scheduler, whichever it is: what its run directory stores, so that later rounds are submitted like the first.
/// </summary>
/// <remarks>Members with a default have a setter, because a generated reader of JSON overwrites the defaults of the others.</remarks>
internal abstract record BatchSettings
{
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

    /// <summary><c>--array-throttle</c>: the maximum number of running tasks; null: no limit.</summary>
    public int? ArrayThrottle { get; init; }

    /// <summary><c>--retries</c>.</summary>
    public int Retries { get; set; } = 2;

    /// <summary><c>--max-rounds</c>.</summary>
    public int MaxRounds { get; set; } = 5;

    /// <summary><c>--watch-every</c>: the interval at which a short job checks that the run still advances.</summary>
    public TimeSpan WatchEvery { get; set; } = TimeSpan.FromMinutes(30);

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
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>A job's request: what its round states, otherwise the run's settings.</summary>
    public JobResources RequestOf(Job job) =>
        new()
        {
            MemoryBytes = job.Resources?.MemoryBytes ?? Job.MemoryBytes,
            Time = job.Resources?.Time ?? Job.Time,
            Threads = job.Resources?.Threads ?? Job.Threads,
        };

    /// <summary>The partition of later rounds into jobs.</summary>
    public Partition Cut() =>
        new()
        {
            Threads = Job.Threads ?? 1,
            Jobs = Jobs,
            ElementsPerJob = ElementsPerJob,
            TargetTime = TargetTime,
        };
}
