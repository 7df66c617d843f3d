using HpcFit.Shared.Files;

namespace HpcFit.Shared.Runs;

/// <summary>
/// A worker's heartbeat, replaced atomically. Watchers judge its age by <see cref="Sequence"/> on their own clock, and use it for
/// display only, never for permission.
/// </summary>
public sealed record ProgressReport
{
    /// <summary>Grows by one with every report.</summary>
    public required long Sequence { get; init; }

    /// <summary>The machine.</summary>
    public required string Host { get; init; }

    /// <summary>The process on it.</summary>
    public required int Pid { get; init; }

    /// <summary>
    /// What tells that process from every other, so that its end is known on its own machine; null in reports of earlier versions.
    /// </summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>Elements whose block is in the partial file.</summary>
    public required long ElementsDone { get; init; }

    /// <summary>Elements of the job.</summary>
    public required long ElementsTotal { get; init; }

    /// <summary>Elements a second since the start.</summary>
    public double ElementsPerSecond { get; init; }

    /// <summary>Resident memory of the process.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>The most resident memory it ever had.</summary>
    public long PeakResidentBytes { get; init; }

    /// <summary>Processes the kernel killed for memory in the worker's cgroup; null where there is none to read.</summary>
    public long? OomKills { get; init; }

    /// <summary>Bytes read from the data file.</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes after inflating.</summary>
    public long BytesInflated { get; init; }

    /// <summary>Stripes read.</summary>
    public long StripesRead { get; init; }

    /// <summary>Elements at which user code failed; null for engines that run none.</summary>
    public long? UserCodeFailures { get; init; }

    /// <summary>What user code failed with at the first of them, at most <see cref="UserCodeFailure.Kept"/>.</summary>
    public IReadOnlyList<UserCodeFailure>? UserCodeMessages { get; init; }

    /// <summary>Elements at which user code answered a NaN; null for engines that run none.</summary>
    public long? UserCodeNaN { get; init; }

    /// <summary>The lowest of them, and what was NaN there; null: none.</summary>
    public UserCodeFailure? UserCodeFirstNaN { get; init; }

    /// <summary>How the attempt ended; null while it runs.</summary>
    public HpcFit.Shared.Failures.ExitCode? Ended { get; init; }
}
