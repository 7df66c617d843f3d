using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Policy;

/// <summary>State of a job, or why it ended. Whether it succeeded depends only on the elements it left, never on this.</summary>
internal enum JobOutcomeKind
{
    /// <summary>Not started yet.</summary>
    Waiting,

    /// <summary>Started and not ended.</summary>
    Running,

    /// <summary>The worker ended with success.</summary>
    Finished,

    /// <summary>SIGKILL, or gone without a report, for an unknown reason.</summary>
    Killed,

    /// <summary>Killed because memory ran out.</summary>
    OutOfMemory,

    /// <summary>Ended at its wall time limit.</summary>
    TimeLimit,

    /// <summary>Its machine failed.</summary>
    NodeFailure,

    /// <summary>Pre-empted or requeued by the scheduler.</summary>
    Preempted,

    /// <summary>The worker crashed: an unexpected exception, a segmentation fault, an unknown exit code.</summary>
    Crashed,

    /// <summary>A corrupt chunk or failing user code, under <c>--on-error stop</c>.</summary>
    DataError,

    /// <summary>The worker refused its input with a message: a retry cannot help.</summary>
    Refused,

    /// <summary>Another process was writing the data file.</summary>
    Busy,

    /// <summary>The file system refused to read or write: full, over quota, failing.</summary>
    FileSystem,

    /// <summary>Stopped on request.</summary>
    Cancelled,

    /// <summary>Its launcher ended, or gave it up, before it started.</summary>
    NeverStarted,
}

/// <summary>Display names of job outcomes, and the outcomes that exit codes mean.</summary>
internal static class JobOutcomeKinds
{
    /// <summary>The name, in lower case: <c>out of memory</c>.</summary>
    public static string DisplayName(this JobOutcomeKind ending) =>
        ending switch
        {
            JobOutcomeKind.OutOfMemory => "out of memory",
            JobOutcomeKind.TimeLimit => "time limit",
            JobOutcomeKind.NodeFailure => "node failure",
            JobOutcomeKind.Preempted => "pre-empted",
            JobOutcomeKind.DataError => "data error",
            JobOutcomeKind.FileSystem => "file system",
            JobOutcomeKind.NeverStarted => "never started",
            _ => ending.ToString().ToLowerInvariant(),
        };

    /// <summary>
    /// The outcome that a worker's exit code means. A scheduler may know better why a worker was cancelled: time limit or pre-emption.
    /// </summary>
    public static JobOutcomeKind FromExitCode(ExitCode code) =>
        code switch
        {
            ExitCode.Success => JobOutcomeKind.Finished,
            ExitCode.Usage or ExitCode.BadInput => JobOutcomeKind.Refused,
            ExitCode.Cancelled => JobOutcomeKind.Cancelled,
            ExitCode.Busy => JobOutcomeKind.Busy,
            ExitCode.FileSystem => JobOutcomeKind.FileSystem,
            ExitCode.DataError => JobOutcomeKind.DataError,
            ExitCode.OutOfMemory => JobOutcomeKind.OutOfMemory,
            _ => JobOutcomeKind.Crashed,
        };
}
