using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Runs;

/// <summary>
/// A worker's heartbeat, replaced atomically. Watchers measure its age on their own clock, from the last change of <see cref="Sequence"/>.
/// It is for display only: no decision to write or to remove anything depends on it.
/// </summary>
public sealed record ProgressReport
{
    /// <summary>Grows by one with every report.</summary>
    public required long Sequence { get; init; }

    /// <summary>The worker's host name.</summary>
    public required string Host { get; init; }

    /// <summary>The worker's process id on <see cref="Host"/>.</summary>
    public required int Pid { get; init; }

    /// <summary>
    /// Identifies the process uniquely, so that its end can be detected on its own machine; null in reports of earlier versions.
    /// </summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>Elements whose block is in the partial file.</summary>
    public required long ElementsDone { get; init; }

    /// <summary>Elements of the job.</summary>
    public required long ElementsTotal { get; init; }

    /// <summary>Elements per second since the start.</summary>
    public double ElementsPerSecond { get; init; }

    /// <summary>Resident memory of the process, in bytes.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>Peak resident memory of the process, in bytes.</summary>
    public long PeakResidentBytes { get; init; }

    /// <summary>Processes in the worker's cgroup that the kernel's out-of-memory killer ended; null where the cgroup cannot be
    /// read.</summary>
    public long? OomKills { get; init; }

    /// <summary>Bytes read from the data file.</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes after inflating.</summary>
    public long BytesInflated { get; init; }

    /// <summary>Stripes read.</summary>
    public long StripesRead { get; init; }

    /// <summary>Elements at which user code failed; null for engines that run none.</summary>
    public long? UserCodeFailures { get; init; }

    /// <summary>The failures at the first of these elements, at most <see cref="UserCodeFailure.MaxKept"/>.</summary>
    public IReadOnlyList<UserCodeFailure>? UserCodeMessages { get; init; }

    /// <summary>Elements at which user code returned a NaN; null for engines that run none.</summary>
    public long? UserCodeNaN { get; init; }

    /// <summary>The lowest of these elements, and which values were NaN there; null: none.</summary>
    public UserCodeFailure? UserCodeFirstNaN { get; init; }

    /// <summary>How the attempt ended; null while it runs.</summary>
    public ExitCode? Ended { get; init; }
}
