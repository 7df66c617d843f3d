using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Monitoring;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// A run carried out on this machine: what it lacks is fitted, round by round, as the failure policy says, then merged and written.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="launcher">Starts the jobs and returns when they have ended.</param>
/// <param name="cutter">Cuts elements into jobs.</param>
/// <param name="onError">What workers do with corrupt chunks and failing user code.</param>
/// <param name="log">Where what happens is told.</param>
internal sealed partial class LocalRun(RunDirectory run, ILauncher launcher, RoundCutter cutter, OnError onError, ILogger log)
{
    /// <summary>A process that waits this long takes nobody's memory.</summary>
    private static readonly TimeSpan ChildMayWait = TimeSpan.FromSeconds(10);

    /// <summary>With processes of this machine, which a second Ctrl-C ends at once.</summary>
    public static LocalRun Create(
        IServiceProvider services,
        RunDirectory run,
        RoundCutter cutter,
        AdvanceLimits limits,
        OnError onError,
        TimeSpan? metadataTimeout = null,
        AttendingWorker? ready = null
    )
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var launcher = new LocalLauncher(
            run,
            cutter.Partition,
            limits,
            loggers.CreateLogger<LocalLauncher>(),
            services.GetRequiredService<StopSignals>().AtOnce,
            metadataTimeout,
            ready
        );
        return new(run, launcher, cutter, onError, loggers.CreateLogger<LocalRun>());
    }

    /// <summary>Fits, merges and writes.</summary>
    /// <param name="target">Where the results go.</param>
    /// <param name="known">The run's coverage, where it has been read already; what others add meanwhile is fitted again, with the same
    /// bits.</param>
    /// <param name="terms">On which grounds claims are taken.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take where the results are written.</param>
    /// <param name="clock">Runs since the command began; what it has measured so far is the probe's.</param>
    /// <param name="token">Lets workers finish their blocks.</param>
    /// <exception cref="StoppedRunException">Going on cannot help.</exception>
    /// <exception cref="InterruptedRunException">A stop was asked for; finished blocks are kept.</exception>
    public async Task<RunSummary> ExecuteAsync(
        OutputTarget target,
        Coverage? known,
        ClaimRequest terms,
        TimeSpan metadataTimeout,
        Stopwatch clock,
        CancellationToken token
    )
    {
        var prepared = clock.Elapsed;
        using var child = new ReadyChild();
        try
        {
            var coverage = await FitAsync(known, terms, child, token).ConfigureAwait(false);
            var fitted = clock.Elapsed;
            var statuses = ResultsOfRun.Write(run, target, coverage, terms, metadataTimeout, token, child);
            var summary = new RunSummary(
                statuses,
                run.Document.Warnings,
                UserCodeReport.Lines(run),
                target,
                run.Document.Spec.Data[0].Path,
                prepared,
                fitted - prepared,
                clock.Elapsed - fitted
            );
            Finished(log, summary);
            return summary;
        }
        catch (OperationCanceledException stopped) when (token.IsCancellationRequested)
        {
            throw new InterruptedRunException(run.Root, stopped);
        }
    }

    /// <summary>Fits until every element has its results.</summary>
    /// <param name="known">The run's coverage, where it has been read already.</param>
    /// <param name="terms">On which grounds claims are taken.</param>
    /// <param name="child">Begun while workers fit, when they will not take long.</param>
    /// <param name="token">Lets workers finish their blocks.</param>
    /// <returns>The run's coverage, complete.</returns>
    private async Task<Coverage> FitAsync(Coverage? known, ClaimRequest terms, ReadyChild child, CancellationToken token)
    {
        using var claim = terms.Take(run.RoundsClaim);
        var coverage = LoggedCoverage.Read(run, known, log, token);
        var decision = FailurePolicy.Begin(RunHistoryReader.Read(run, coverage.Elements), cutter);
        while (decision is StartRound start)
        {
            await Task.Delay(start.Pause, token).ConfigureAwait(false);
            var round = run.CreateRound(start.Jobs, onError, start.IsRetry);
            foreach (var reason in start.Reasons)
                Answer(log, reason);
            var jobs = CountText.Format(round.Jobs.Count, "job");
            RoundStarted(log, round.Id, jobs);
            await using (RoundProgress.Show(run, round.Id, coverage.Elements.Count, log).ConfigureAwait(false))
            {
                var atWork = launcher.LaunchAsync(round, token);
                if (Forecast.Create(round, cutter.Grid, cutter.Cost, cutter.Partition).Total < ChildMayWait)
                    child.Begin();
                await atWork.ConfigureAwait(false);
            }
            token.ThrowIfCancellationRequested();

            coverage = Coverage.Read(run, token);
            var outcome = RoundOutcome.Judge(round, coverage.Elements, await launcher.ObserveAsync(round, token).ConfigureAwait(false));
            JsonFile.Replace(run.OutcomeFile(round.Id), outcome, AdvancingJson.Default.RoundOutcome);
            decision = FailurePolicy.Decide(RunHistoryReader.Read(run, coverage.Elements), launcher.Limits, cutter);
        }
        return decision switch
        {
            MergeNow => coverage,
            StopRun stop => throw StoppedRunException.Because(stop, run),
            _ => throw new UnreachableException($"Local jobs have all ended, and yet the policy says {decision}."),
        };
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Round {Round}: {Jobs}")]
    private static partial void RoundStarted(ILogger log, RoundId round, string jobs);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "After failures: {Answer}")]
    private static partial void Answer(ILogger log, string answer);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "{Summary}")]
    private static partial void Finished(ILogger log, RunSummary summary);
}
