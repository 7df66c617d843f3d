using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Policy;

/// <summary>What a worker's own exit code says about its end.</summary>
internal static class ExitCodeEnding
{
    /// <summary>The ending. A scheduler may know better why a worker was cancelled: its time was over, or its place was taken.</summary>
    public static JobEnding Of(ExitCode code) => code switch
    {
        ExitCode.Success => JobEnding.Finished,
        ExitCode.Usage or ExitCode.BadInput => JobEnding.Refused,
        ExitCode.Cancelled => JobEnding.Cancelled,
        ExitCode.Busy => JobEnding.Busy,
        ExitCode.FileSystem => JobEnding.FileSystem,
        ExitCode.DataError => JobEnding.DataError,
        ExitCode.OutOfMemory => JobEnding.OutOfMemory,
        _ => JobEnding.Crashed,
    };
}
