using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// The rounds of one stage of a run, whatever its units are: launches round after round as the failure policy decides, until every unit
/// has a valid block. The caller holds the claims.
/// </summary>
/// <param name="stage">The stage: a run, a batch, or a further stage of a run.</param>
/// <param name="launcher">Starts and observes its jobs.</param>
/// <param name="cutter">Cuts its units into jobs.</param>
/// <param name="whole">The run or batch that the stage belongs to, which the user continues after a stop.</param>
/// <param name="log">The log.</param>
internal sealed partial class StageDriver(RunDirectory stage, ILauncher launcher, RoundCutter cutter, RunDirectory whole, ILogger log)
{
    /// <summary>Starts and observes its jobs.</summary>
    public ILauncher Launcher => launcher;

    /// <summary>What a user requests with <c>run</c>, <c>submit</c> or <c>resume</c>: a new round over all that is missing.</summary>
    public AdvanceDecision Begin(RunHistory history) => FailurePolicy.Begin(history, cutter);

    /// <summary>
    /// What the last round requires. Reads the launcher's limits only when they matter: those of a cluster need a call.
    /// </summary>
    public AdvanceDecision Decide(RunHistory history) =>
        history.Missing.IsEmpty ? new MergeNow() : FailurePolicy.Decide(history, launcher.Limits, cutter);

    /// <summary>Launches rounds until every unit has its results.</summary>
    /// <param name="decide">The first decision; those after a round are the policy's.</param>
    /// <param name="known">The stage's coverage if it was read already.</param>
    /// <param name="onError">What workers do with elements that cannot be fitted; null: as in the last round.</param>
    /// <param name="token">Lets workers finish their blocks.</param>
    /// <returns>The stage's coverage, complete; null: a scheduler has the jobs of the last round.</returns>
    public async Task<RunCoverage?> FitAsync(
        Func<RunHistory, AdvanceDecision> decide,
        RunCoverage? known,
        OnError? onError,
        CancellationToken token
    )
    {
        var (history, coverage) = await ReadAsync(known, token).ConfigureAwait(false);
        IgnoredPartials.Report(coverage, log);
        for (var decision = decide(history); ; decision = Decide(history))
        {
            if (decision is WaitForJobs wait)
            {
                await launcher.LaunchAsync(history.Rounds[^1].Round, coverage.Elements.Count, token).ConfigureAwait(false);
                StillOpen(log, wait.Waiting, wait.Running);
                return null;
            }
            Conclude(history, token);
            switch (decision)
            {
                case MergeNow:
                    return coverage;
                case StopRun stop:
                    launcher.CancelCompanions(token);
                    throw StoppedRunException.Because(stop, stage, whole);
                case StartRound start:
                    await Task.Delay(start.Pause, token).ConfigureAwait(false);
                    var launched = LaunchAsync(start, onError ?? LastOnError(history), coverage, token);
                    if (await launched.ConfigureAwait(false) == LaunchResult.Queued)
                        return null;
                    token.ThrowIfCancellationRequested();
                    (history, coverage) = await ReadAsync(known: null, token).ConfigureAwait(false);
                    break;
            }
        }
    }

    private static OnError LastOnError(RunHistory history) => history.Rounds is [.., var last] ? last.Round.OnError : OnError.Stop;

    /// <summary>
    /// The stage's history, with the jobs of the last round as the launcher observes them. Coverage is read after that: what a job that has
    /// just ended left is counted. The outcome of a round of another launcher, or of one that was only planned, comes from what is on disk.
    /// </summary>
    private async Task<(RunHistory History, RunCoverage Coverage)> ReadAsync(RunCoverage? known, CancellationToken token)
    {
        var last = stage.Rounds() is [.., var id] && launcher.HasLaunched(id) ? stage.ReadRound(id) : null;
        var reports = last is null ? [] : await launcher.ObserveAsync(last, token).ConfigureAwait(false);
        var coverage = known ?? RunCoverage.Read(stage, token);
        var outcome = last is null ? null : RoundOutcome.From(last, coverage.Elements, reports);
        return (RunHistoryReader.Read(stage, coverage.Elements, outcome), coverage);
    }

    /// <summary>Records how the last round ended, for the rounds and the reports that follow.</summary>
    private void Conclude(RunHistory history, CancellationToken token)
    {
        if (history.Rounds is [.., var last] && launcher.HasLaunched(last.Round.Id))
            JsonFile.Replace(stage.OutcomeFile(last.Round.Id), last.Outcome, AdvancingJson.Default.RoundOutcome);
        launcher.WriteReport(history, token);
    }

    private async Task<LaunchResult> LaunchAsync(StartRound start, OnError onError, RunCoverage coverage, CancellationToken token)
    {
        var members = coverage.MembersWithout(ElementSet.From(start.Jobs.SelectMany(job => job.Elements)));
        var round = stage.CreateRound([.. start.Jobs.Select(launcher.WithResources)], onError, start.IsRetry, members);
        var elements = CountText.Format(round.Jobs.Sum(job => job.Elements.Count), stage.UnitName);
        var reasons = string.Concat(start.Reasons.Select(reason => $"; {reason}"));
        var jobs = CountText.Format(round.Jobs.Count, "job");
        RoundStarted(log, round.Id, jobs, elements, reasons);
        return await launcher.LaunchAsync(round, coverage.Elements.Count, token).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Round {Round}: {Jobs} over {Elements}{Reasons}")]
    private static partial void RoundStarted(ILogger log, RoundId round, string jobs, string elements, string reasons);

    [LoggerMessage(
        EventId = 40,
        Level = LogLevel.Information,
        Message = "Jobs waiting: {Waiting}, running: {Running}; the run advances by itself when they have ended"
    )]
    private static partial void StillOpen(ILogger log, int waiting, int running);
}
