namespace HpcFit.Coordinator.Planning;

/// <summary>
/// How the user wants the work cut. At most one of the three wishes is set; none means: enough jobs to keep the workers busy.
/// </summary>
internal sealed record Partition
{
    /// <summary><c>--jobs</c>: so many jobs.</summary>
    public long? Jobs { get; init; }

    /// <summary><c>--elements-per-job</c>: at most so many elements in a job.</summary>
    public long? ElementsPerJob { get; init; }

    /// <summary><c>--target-time</c>: jobs that take about this long.</summary>
    public TimeSpan? TargetTime { get; init; }

    /// <summary>Worker processes at a time.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Threads of each.</summary>
    public int Threads { get; init; } = 1;
}
