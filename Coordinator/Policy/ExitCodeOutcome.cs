using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Policy;

/// <summary>What a worker's own exit code says about its end.</summary>
internal static class ExitCodeOutcome
{
    /// <summary>The ending. A scheduler may know better why a worker was cancelled: its time was over, or its place was taken.</summary>
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
