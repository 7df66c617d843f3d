using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// The run loop of <c>run</c>, <c>submit</c>, <c>resume</c> and <c>advance</c>: launches round after round as the failure policy decides,
/// then merges and writes. It ends early when a scheduler has the jobs of a round; one of them advances the run later.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="launcher">Starts and observes the jobs.</param>
/// <param name="cutter">Cuts elements into jobs.</param>
/// <param name="claims">How claims are taken; what the launcher knows about their holders is added.</param>
/// <param name="metadataTimeout">The limit of a call into the HDF5 library where results are written.</param>
/// <param name="log">The log.</param>
internal sealed partial class RunDriver(
    RunDirectory run,
    ILauncher launcher,
    RoundCutter cutter,
    ClaimRequest claims,
    TimeSpan metadataTimeout,
    ILogger log
)
{
    private const int MaxAttempts = 20;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(15);

    private readonly ClaimRequest _claims = claims with { Jobs = launcher.Liveness };

    /// <summary>
    /// Does what a user requests with <c>run</c>, <c>submit</c> or <c>resume</c>: a new round over all that is missing, unless jobs of the
    /// last one are still open.
    /// </summary>
    /// <param name="targets">Where the results of the run's members go; the caller has checked them.</param>
    /// <param name="known">The run's coverage if it was read already: inputs are compared then, and blocks that others add meanwhile are
    /// fitted again, with the same bits. Null: it is read, and the caller has compared the inputs.</param>
    /// <param name="onError">What workers do with corrupt chunks and failing user code.</param>
    /// <param name="clock">Started with the command.</param>
    /// <param name="token">Lets workers finish their blocks.</param>
    /// <exception cref="StoppedRunException">Another round cannot help.</exception>
    /// <exception cref="InterruptedRunException">A stop was requested; finished blocks are kept.</exception>
    public Task<RunStep> BeginAsync(
        IReadOnlyList<OutputTarget> targets,
        RunCoverage? known,
        OnError onError,
        Stopwatch clock,
        CancellationToken token
    ) =>
        RepeatAsync(
            async () =>
            {
                // Before elements are fitted whose results would be refused.
                if (known is { IsEmpty: false })
                    RefuseChangedInputs(token);
                var prepared = clock.Elapsed;
                var coverage = await FitAsync(history => FailurePolicy.Begin(history, cutter), known, onError, token).ConfigureAwait(false);
                return coverage is null ? new QueuedRun(run.Root) : Write(targets, coverage, prepared, clock, token);
            },
            token
        );

    /// <summary>
    /// Does what the last round requires (<c>advance</c>): writes a complete run, launches another round over what failed jobs left, or
    /// ensures that open jobs continue.
    /// </summary>
    /// <inheritdoc cref="BeginAsync"/>
    public Task<RunStep> AdvanceAsync(Stopwatch clock, CancellationToken token) =>
        RepeatAsync(
            async () =>
            {
                var coverage = await FitAsync(Decide, known: null, onError: null, token).ConfigureAwait(false);
                if (coverage is null)
                    return new QueuedRun(run.Root);
                if (run.ReadTargets() is not { } targets)
                {
                    launcher.EnsureWatch(token);
                    throw new BadInputException(
                        $"'{run.Root}' does not record where its results go. Write them with: "
                            + $"{TypedCommand.Line("merge", run.Root, "--analysis", "NAME")}"
                    );
                }
                if (!run.Members().Zip(targets).All(one => WriteRecord.IsComplete(one.First, one.Second)))
                    launcher.EnsureWatch(token);
                return IsWritten(targets, token)
                    ? new WrittenRun(targets, run.Document.Spec.Data[0].Path, launcher.ReadReport())
                    : Write(targets, coverage, clock.Elapsed, clock, token);
            },
            token
        );

    /// <summary>
    /// Takes a step. In a job, which nobody would repeat, it retries while another command holds the run: that command may have read the
    /// state just before the last job ended.
    /// </summary>
    private async Task<RunStep> RepeatAsync(Func<Task<RunStep>> step, CancellationToken token)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await step().ConfigureAwait(false);
                }
                catch (BusyException busy) when (launcher.IsUnattended && attempt < MaxAttempts)
                {
                    HeldElsewhere(log, busy.Message);
                    await Task.Delay(BetweenAttempts, token).ConfigureAwait(false);
                }
                catch (HpcFitException failure) when (launcher.IsUnattended && failure.IsRetryable)
                {
                    // This job ends now, and the holder of the run may die: then nothing else would continue it.
                    launcher.EnsureWatch(token);
                    throw;
                }
            }
        }
        catch (OperationCanceledException stopped) when (token.IsCancellationRequested)
        {
            throw new InterruptedRunException(run.Root, stopped);
        }
    }

    /// <summary>Launches rounds until every element has its results.</summary>
    /// <param name="decide">The first decision; those after a round are the policy's.</param>
    /// <param name="known">The run's coverage if it was read already.</param>
    /// <param name="onError">What workers do with elements that cannot be fitted; null: as in the last round.</param>
    /// <param name="token">Lets workers finish their blocks.</param>
    /// <returns>The run's coverage, complete; null: a scheduler has the jobs of the last round.</returns>
    private async Task<RunCoverage?> FitAsync(
        Func<RunHistory, AdvanceDecision> decide,
        RunCoverage? known,
        OnError? onError,
        CancellationToken token
    )
    {
        using var held = TakeRounds();
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
                    throw StoppedRunException.Because(stop, run);
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

    /// <summary>Reads the launcher's limits only when they matter: those of a cluster need a call.</summary>
    private AdvanceDecision Decide(RunHistory history) =>
        history.Missing.IsEmpty ? new MergeNow() : FailurePolicy.Decide(history, launcher.Limits, cutter);

    private static OnError LastOnError(RunHistory history) => history.Rounds is [.., var last] ? last.Round.OnError : OnError.Stop;

    /// <summary>The run is held, and the runs of a batch as well.</summary>
    private DisposableStack TakeRounds()
    {
        var held = new DisposableStack();
        try
        {
            foreach (var path in run.Members().Prepend(run).Select(member => member.RoundsClaim).Distinct())
            {
                var before = Claim.ReadHolder(path);
                held.Push(_claims.Take(path));
                if (before is not null)
                    TookOver(log, before);
            }
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private void RefuseChangedInputs(CancellationToken token)
    {
        foreach (var member in run.Members())
            InputFiles.RefuseChanged(member, _claims, token);
    }

    /// <summary>
    /// The run's history, with the jobs of the last round as the launcher observes them. Coverage is read after that: what a job that has
    /// just ended left is counted. The outcome of a round of another launcher, or of one that was only planned, comes from what is on disk.
    /// </summary>
    private async Task<(RunHistory History, RunCoverage Coverage)> ReadAsync(RunCoverage? known, CancellationToken token)
    {
        var last = run.Rounds() is [.., var id] && launcher.HasLaunched(id) ? run.ReadRound(id) : null;
        var reports = last is null ? [] : await launcher.ObserveAsync(last, token).ConfigureAwait(false);
        var coverage = known ?? RunCoverage.Read(run, token);
        var outcome = last is null ? null : RoundOutcome.From(last, coverage.Elements, reports);
        return (RunHistoryReader.Read(run, coverage.Elements, outcome), coverage);
    }

    /// <summary>Records how the last round ended, for the rounds and the reports that follow.</summary>
    private void Conclude(RunHistory history, CancellationToken token)
    {
        if (history.Rounds is [.., var last] && launcher.HasLaunched(last.Round.Id))
            JsonFile.Replace(run.OutcomeFile(last.Round.Id), last.Outcome, AdvancingJson.Default.RoundOutcome);
        launcher.WriteReport(history, token);
    }

    private async Task<LaunchResult> LaunchAsync(StartRound start, OnError onError, RunCoverage coverage, CancellationToken token)
    {
        var members = coverage.MembersWithout(ElementSet.From(start.Jobs.SelectMany(job => job.Elements)));
        var round = run.CreateRound([.. start.Jobs.Select(launcher.WithResources)], onError, start.IsRetry, members);
        var elements = CountText.Format(round.Jobs.Sum(job => job.Elements.Count), "element");
        var reasons = string.Concat(start.Reasons.Select(reason => $"; {reason}"));
        var jobs = CountText.Format(round.Jobs.Count, "job");
        RoundStarted(log, round.Id, jobs, elements, reasons);
        return await launcher.LaunchAsync(round, coverage.Elements.Count, token).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether an earlier step of this run wrote the results, though it may have died before it recorded that. Results of another run are
    /// not replaced: they are refused.
    /// </summary>
    private bool IsWritten(IReadOnlyList<OutputTarget> targets, CancellationToken token)
    {
        var members = run.Members().Zip(targets).ToList();
        ResultsOfRun.RestoreInterrupted(targets[0], run.Document.Spec, _claims, token);
        var missing = members.Where(one => !IsWritten(one.First, one.Second, token)).ToList();
        foreach (var (member, target) in missing)
            ResultsOfRun.RefuseTarget(target, member.Document.Spec, metadataTimeout, token);
        if (missing.Count > 0)
            return false;
        foreach (var (member, target) in members)
            WriteRecord.Store(member, new(target, IsDone: true));
        launcher.CancelCompanions(token);
        return true;
    }

    private bool IsWritten(RunDirectory member, OutputTarget target, CancellationToken token) =>
        WrittenResults.AreThere(member.Document, target, metadataTimeout, token)
        && (!target.Overwrite || WriteRecord.IsComplete(member, target));

    private RunSummary Write(
        IReadOnlyList<OutputTarget> targets,
        RunCoverage coverage,
        TimeSpan prepared,
        Stopwatch clock,
        CancellationToken token
    )
    {
        var fitted = clock.Elapsed;
        var results = ResultsOfRun.Write(run, targets, coverage, _claims, metadataTimeout, token);
        launcher.CancelCompanions(token);
        var summary = new RunSummary(
            results,
            run.Document.Warnings,
            UserCodeReport.Lines(run),
            prepared,
            fitted - prepared,
            clock.Elapsed - fitted
        )
        {
            Report = launcher.ReadReport(),
        };
        Finished(log, summary);
        return summary;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Round {Round}: {Jobs} over {Elements}{Reasons}")]
    private static partial void RoundStarted(ILogger log, RoundId round, string jobs, string elements, string reasons);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "{Summary}")]
    private static partial void Finished(ILogger log, RunSummary summary);

    [LoggerMessage(
        EventId = 40,
        Level = LogLevel.Information,
        Message = "Jobs waiting: {Waiting}, running: {Running}; the run advances by itself when they have ended"
    )]
    private static partial void StillOpen(ILogger log, int waiting, int running);

    [LoggerMessage(EventId = 41, Level = LogLevel.Warning, Message = "{Holder} had started this and is gone; it is taken over")]
    private static partial void TookOver(ILogger log, ClaimHolder holder);

    [LoggerMessage(EventId = 42, Level = LogLevel.Information, Message = "{Holder} This job will retry.")]
    private static partial void HeldElsewhere(ILogger log, string holder);
}
