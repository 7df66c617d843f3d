using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Policy;

/// <summary>Maps a worker's exit code to the outcome of its job.</summary>
internal static class ExitCodeOutcome
{
    /// <summary>The outcome. A scheduler may know better why a worker was cancelled: time limit or pre-emption.</summary>
    public static JobOutcomeKind From(ExitCode code) =>
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
