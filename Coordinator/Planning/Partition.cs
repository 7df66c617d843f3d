namespace HpcFit.Coordinator.Planning;

/// <summary>
/// How the user wants the elements partitioned. At most one of the three options is set; without one there are enough jobs to keep the
/// workers busy.
/// </summary>
internal sealed record Partition
{
    /// <summary><c>--jobs</c>: the number of jobs.</summary>
    public long? Jobs { get; init; }

    /// <summary><c>--elements-per-job</c>: the maximum number of elements in a job.</summary>
    public long? ElementsPerJob { get; init; }

    /// <summary><c>--target-time</c>: the duration that jobs should have, approximately.</summary>
    public TimeSpan? TargetTime { get; init; }

    /// <summary>Concurrent worker processes.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Threads per worker.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether the user requested neither a number nor a size of jobs.</summary>
    public bool IsDefault => Jobs is null && ElementsPerJob is null && TargetTime is null;
}
