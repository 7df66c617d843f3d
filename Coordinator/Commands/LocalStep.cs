using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// Fits a run's unfinished elements with local workers, merges and writes the results and prints a summary. See <see cref="ClusterStep"/>
/// for
/// runs on a cluster.
/// </summary>
/// <param name="services">The verb's services, for logging.</param>
/// <param name="line">The command line.</param>
/// <param name="retries">The handling of failures.</param>
/// <param name="common">The conditions for taking claims.</param>
internal sealed class LocalStep(IServiceProvider services, ParseResult line, RetryOptions retries, RunVerbOptions common)
{
    /// <summary>Performs the step.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cutter">How its rounds are divided into jobs.</param>
    /// <param name="output">Where its results go.</param>
    /// <param name="coverage">Its finished elements, if already read; null: none.</param>
    /// <param name="clock">Measures the time since the command began.</param>
    /// <param name="token">Cancels the step.</param>
    /// <param name="ready">A worker that waits for its first job; null: none.</param>
    public ExitCode Take(
        RunDirectory run,
        RoundCutter cutter,
        OutputTarget output,
        Coverage? coverage,
        Stopwatch clock,
        CancellationToken token,
        AttendingWorker? ready = null
    )
    {
        // Checked first, so that no elements are fitted whose results would be refused.
        if (coverage is { Elements.IsEmpty: false })
            InputFiles.RefuseChanged(run, common.Claims(line), token);
        var local = LocalRun.Create(
            services,
            run,
            cutter,
            retries.Limits(line, LocalLauncher.MachineMemory),
            retries.OnError(line),
            MetadataTimeoutOption.Typed(line),
            ready
        );
        var summary = local
            .ExecuteAsync(output, coverage, common.Claims(line), MetadataTimeoutOption.Read(line), clock, token)
            .GetAwaiter()
            .GetResult();
        foreach (var text in summary.Lines())
            Console.WriteLine(text);
        return ExitCode.Success;
    }
}
