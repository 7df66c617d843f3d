using HpcFit.Coordinator.Launching.Slurm;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// Takes a run on a cluster one step further: what <c>submit</c>, <c>advance</c> and <c>resume</c> do. No step waits for jobs.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the cluster.</param>
/// <param name="launcher">The cluster.</param>
/// <param name="cutter">Cuts elements into jobs.</param>
/// <param name="log">Where what happens is told.</param>
internal sealed partial class SlurmRun(RunDirectory run, SlurmSettings settings, SlurmLauncher launcher, RoundCutter cutter, ILogger log)
{
    /// <summary>Submits what the run lacks, unless it is in the queue already.</summary>
    /// <returns>Where the run stands now.</returns>
    public async Task<RunStage> SubmitAsync(OnError onError, ClaimRequest terms, CancellationToken token)
    {
        using (TakeRounds(terms))
        {
            var history = await HistoryAsync(token).ConfigureAwait(false);
            if (history.Rounds is [.., var last] && last.Outcome.Jobs.Any(job => job.IsOpen()) && !history.Lacking.IsEmpty)
            {
                await launcher.LaunchAsync(last.Round, token).ConfigureAwait(false);
                return RunStage.Waiting;
            }
            if (FailurePolicy.Begin(history, cutter) is StartRound start)
            {
                StoreOutcomes(history, token);
                await StartAsync(start, onError, token).ConfigureAwait(false);
                return RunStage.Started;
            }
        }
        return Write(terms, token);
    }

    /// <summary>
    /// Merges and writes when every element has its results, starts another round when jobs left some, else sees to it that the jobs go on.
    /// </summary>
    /// <returns>Where the run stands now.</returns>
    /// <exception cref="StoppedRunException">Going on cannot help.</exception>
    public async Task<RunStage> AdvanceAsync(ClaimRequest terms, CancellationToken token)
    {
        using (TakeRounds(terms))
        {
            var history = await HistoryAsync(token).ConfigureAwait(false);
            switch (history.Lacking.IsEmpty ? new MergeNow() : FailurePolicy.Decide(history, launcher.Limits, cutter))
            {
                case WaitForJobs wait:
                    await launcher.LaunchAsync(history.Rounds[^1].Round, token).ConfigureAwait(false);
                    StillOpen(log, wait.Waiting, wait.Running);
                    return RunStage.Waiting;
                case StartRound start:
                    StoreOutcomes(history, token);
                    await Task.Delay(start.Pause, token).ConfigureAwait(false);
                    await StartAsync(start, history.Rounds is [.., var last] ? last.Round.OnError : OnError.Stop, token)
                        .ConfigureAwait(false);
                    return RunStage.Started;
                case StopRun stop:
                    StoreOutcomes(history, token);
                    launcher.CancelCompanions(token);
                    throw StoppedRunException.Because(stop, run);
                default:
                    StoreOutcomes(history, token);
                    break;
            }
        }
        if (run.ReadTarget() is not { } target || !WriteRecord.IsComplete(run, target))
            EnsureWatch(token);
        return Write(terms, token);
    }

    /// <summary>
    /// Ensures that a job checks on the run later. Where the cluster takes none now, that is only logged: what this process does goes on.
    /// </summary>
    public void EnsureWatch(CancellationToken token)
    {
        try
        {
            launcher.EnsureWatch(token);
        }
        catch (SchedulerException refusal)
        {
            NoWatch(log, refusal.Message);
        }
    }

    private Claim TakeRounds(ClaimRequest terms)
    {
        var before = Claim.ReadHolder(run.RoundsClaim);
        var claim = terms.Take(run.RoundsClaim);
        if (before is not null)
            TookOver(log, before);
        return claim;
    }

    /// <summary>
    /// The run's history with the last round as the queue shows it now. Coverage is read after the queue: what a task that has just ended
    /// left is counted.
    /// </summary>
    private async Task<RunHistory> HistoryAsync(CancellationToken token)
    {
        var last = run.Rounds() is [.., var id] && IsOnCluster(id) ? run.ReadRound(id) : null;
        var reports = last is null ? [] : await launcher.ObserveAsync(last, token).ConfigureAwait(false);
        var coverage = Coverage.Read(run, token);
        foreach (var reason in coverage.LeftOut)
            PartLeftOut(log, reason);
        return RunHistoryReader.Read(run, coverage.Elements, last is null ? null : RoundOutcome.Judge(last, coverage.Elements, reports));
    }

    /// <summary>A round of local workers, or one that somebody only planned, is judged by what is on disk.</summary>
    private bool IsOnCluster(RoundId round) => File.Exists(run.SchedulerFile(round));

    /// <summary>Keeps how the last round ended, for the rounds and the reports that follow.</summary>
    private void StoreOutcomes(RunHistory history, CancellationToken token)
    {
        if (history.Rounds is [.., var last] && IsOnCluster(last.Round.Id))
            JsonFile.Replace(run.OutcomeFile(last.Round.Id), last.Outcome, AdvancingJson.Default.RoundOutcome);
        RunReport.Write(run, history, launcher.CompanionEvents(token));
    }

    private async Task StartAsync(StartRound start, OnError onError, CancellationToken token)
    {
        // Resources are spelt out, so that the policy knows what a job had when it asks for more.
        var jobs = start.Jobs.Select(job => job with { Resources = settings.ResourcesOf(job) }).ToList();
        var round = run.CreateRound(jobs, onError, start.IsRetry);
        var (elements, reasons) = (jobs.Sum(job => job.Elements.Count), string.Concat(start.Reasons.Select(reason => $"; {reason}")));
        var (cut, wanted) = (CountText.Format(round.Jobs.Count, "job"), CountText.Format(elements, "element"));
        RoundStarted(log, round.Id, cut, wanted, reasons);
        await launcher.LaunchAsync(round, token).ConfigureAwait(false);
    }

    private RunStage Write(ClaimRequest terms, CancellationToken token)
    {
        var target =
            run.ReadTarget()
            ?? throw new BadInputException(
                $"'{run.Root}' does not say where its results go. Write them with: "
                    + $"{TypedCommand.Line("merge", run.Root, "--analysis", "NAME")}"
            );
        ResultsOfRun.RestoreInterrupted(target, run.Document.Spec, terms, token);
        // What an earlier step of this run wrote, though it may have died before it could note so, is there; what another run wrote is not
        // replaced.
        var limit = settings.MetadataTimeout ?? LibraryWatch.DefaultLimit;
        if (WrittenResults.AreThere(run.Document, target, limit, token) && (!target.Overwrite || WriteRecord.IsComplete(run, target)))
        {
            WriteRecord.Store(run, new(target, IsDone: true));
            launcher.CancelCompanions(token);
            return RunStage.WrittenBefore;
        }
        ResultsOfRun.RefuseTarget(target, run.Document.Spec, limit, token);
        ResultsOfRun.Write(run, target, null, terms, limit, token);
        launcher.CancelCompanions(token);
        return RunStage.Written;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Round {Round}: {Jobs} over {Elements}{Reasons}")]
    private static partial void RoundStarted(ILogger log, RoundId round, string jobs, string elements, string reasons);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Reason}")]
    private static partial void PartLeftOut(ILogger log, string reason);

    [LoggerMessage(EventId = 43, Level = LogLevel.Warning, Message = "No job could be submitted that looks after the run later: {Refusal}")]
    private static partial void NoWatch(ILogger log, string refusal);

    [LoggerMessage(
        EventId = 40,
        Level = LogLevel.Information,
        Message = "Jobs waiting: {Waiting}, running: {Running}; the run goes on by itself when they have ended"
    )]
    private static partial void StillOpen(ILogger log, int waiting, int running);

    [LoggerMessage(EventId = 41, Level = LogLevel.Warning, Message = "{Holder} had begun this and is gone; it is taken over")]
    private static partial void TookOver(ILogger log, ClaimHolder holder);
}

/// <summary>Where a step left a run.</summary>
internal enum RunStage
{
    /// <summary>A round was submitted.</summary>
    Started,

    /// <summary>Jobs are open.</summary>
    Waiting,

    /// <summary>The results were written.</summary>
    Written,

    /// <summary>The results had been written before; nothing was to do.</summary>
    WrittenBefore,
}
