using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Worker.Pipeline;

/// <summary>The log messages of a fit.</summary>
internal static partial class FitLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Attempt {Attempt} begins: {Count} {Unit}s, threads: {Threads}.")]
    public static partial void Started(ILogger log, AttemptId attempt, long count, string unit, int threads);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "HDF5 {Version} from {Path}, thread-safe: {IsThreadSafe}; process {Pid} on {Host}, {Runtime}"
    )]
    public static partial void Environment(
        ILogger log,
        Version version,
        string path,
        bool isThreadSafe,
        int pid,
        string host,
        string runtime
    );

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Attempt {Attempt} ends. Published: {Done} of {Count} {Unit}s, stripes: {Stripes}, bytes read: {BytesRead}, "
            + "inflated: {BytesInflated}."
    )]
    public static partial void Finished(
        ILogger log,
        AttemptId attempt,
        long done,
        long count,
        string unit,
        long stripes,
        long bytesRead,
        long bytesInflated
    );

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Seconds: {PrepareSeconds} to prepare the model, {FitSeconds} to read and fit ({FitProcessorSeconds} of "
            + "processor time), {SyncSeconds} to make the partial durable."
    )]
    public static partial void Took(ILogger log, double prepareSeconds, double fitSeconds, double fitProcessorSeconds, double syncSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The function printed: {Line}")]
    public static partial void Printed(ILogger log, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The function failed at {Failure}")]
    public static partial void UserCodeFailed(ILogger log, UserCodeFailure failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Skipped: {Damage}")]
    public static partial void LeftOut(ILogger log, string damage);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped on request; the missing elements are fitted when the run is resumed.")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Progress could not be written to '{Path}': {Reason}")]
    public static partial void HeartbeatFailed(ILogger log, string path, string reason);
}
