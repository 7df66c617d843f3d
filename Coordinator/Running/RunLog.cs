using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Running;

/// <summary>Starts a command's log in the run directory with the facts that a remote diagnosis needs first.</summary>
internal static partial class RunLog
{
    /// <summary>
    /// Opens <c>logs/&lt;command&gt;.jsonl</c> for all that the command logs, and logs the versions of program, machine and libraries.
    /// </summary>
    public static void Open(IServiceProvider services, RunDirectory run, string command)
    {
        services.GetRequiredService<LateLogFile>().Open(run.LogFile(command));
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RunLog).FullName!);
        Started(
            log,
            command,
            run.Document.Digest[..12],
            ProposedRun.Version,
            Environment.MachineName,
            Environment.ProcessId,
            Environment.ProcessorCount,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription
        );
        Library(
            log,
            Hdf5Library.Version,
            Hdf5Library.Path,
            Hdf5Library.IsThreadSafe ? "thread-safe" : "not thread-safe, so one lock guards every call"
        );
    }

    [LoggerMessage(
        EventId = 10,
        Level = LogLevel.Debug,
        Message = "hpcfit {Command} of run {Run}: version {Version}, process {Pid} on {Host} with {Cores} cores, {System}, {Runtime}"
    )]
    private static partial void Started(
        ILogger log,
        string command,
        string run,
        string version,
        string host,
        int pid,
        int cores,
        string system,
        string runtime
    );

    [LoggerMessage(EventId = 11, Level = LogLevel.Debug, Message = "HDF5 {Version} from {Path}, {ThreadSafety}")]
    private static partial void Library(ILogger log, Version version, string path, string threadSafety);
}
