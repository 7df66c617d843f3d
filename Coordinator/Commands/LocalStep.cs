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
/// Fits what a run lacks by local workers, merges and writes it, and says what came of it; as <see cref="ClusterStep"/> does on a cluster.
/// </summary>
/// <param name="services">Logging.</param>
/// <param name="line">The command line.</param>
/// <param name="retries">What is done about failures.</param>
/// <param name="common">Claims.</param>
internal sealed class LocalStep(IServiceProvider services, ParseResult line, RetryOptions retries, RunVerbOptions common)
{
    /// <summary>Takes it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cutter">How its rounds are cut.</param>
    /// <param name="output">Where its results go.</param>
    /// <param name="coverage">What it has already, as read before; null: nothing.</param>
    /// <param name="clock">Runs since the command began.</param>
    /// <param name="token">Stops it.</param>
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
        // Before elements are fitted that would be refused in the end.
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
