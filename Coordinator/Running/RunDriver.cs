using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// The run loop of <c>run</c>, <c>submit</c>, <c>resume</c> and <c>advance</c>: completes one stage after the other, then merges and
/// writes. It ends early when a scheduler has the jobs of a round; one of them advances the run later.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="stages">The drivers of all its stages, in their order.</param>
/// <param name="claims">How claims are taken; what the launcher knows about their holders is added.</param>
/// <param name="metadataTimeout">The limit of a call into the HDF5 library where results are written.</param>
/// <param name="log">The log.</param>
internal sealed partial class RunDriver(
    RunDirectory run,
    IReadOnlyList<StageDriver> stages,
    ClaimRequest claims,
    TimeSpan metadataTimeout,
    ILogger log
)
{
    private const int MaxAttempts = 20;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(15);

    private readonly ILauncher _launcher = stages[0].Launcher;
    private readonly ClaimRequest _claims = claims with { Jobs = stages[0].Launcher.Liveness };

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
                var coverage = await FitAsync(stage => stage.Begin, known, onError, token).ConfigureAwait(false);
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
                var coverage = await FitAsync(stage => stage.Decide, known: null, onError: null, token).ConfigureAwait(false);
                if (coverage is null)
                    return new QueuedRun(run.Root);
                if (run.ReadTargets() is not { } targets)
                {
                    _launcher.EnsureWatch(token);
                    throw new BadInputException(
                        $"'{run.Root}' does not record where its results go. Write them with: "
                            + $"{TypedCommand.Line("merge", run.Root, "--analysis", "NAME")}"
                    );
                }
                if (!run.Members().Zip(targets).All(one => WriteRecord.IsComplete(one.First, one.Second)))
                    _launcher.EnsureWatch(token);
                return IsWritten(targets, token)
                    ? new WrittenRun(targets, run.Document.Spec.Data[0].Path, ReadReport())
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
                catch (BusyException busy) when (_launcher.IsUnattended && attempt < MaxAttempts)
                {
                    HeldElsewhere(log, busy.Message);
                    await Task.Delay(BetweenAttempts, token).ConfigureAwait(false);
                }
                catch (HpcFitException failure) when (_launcher.IsUnattended && failure.IsRetryable)
                {
                    // This job ends now, and the holder of the run may die: then nothing else would continue it.
                    _launcher.EnsureWatch(token);
                    throw;
                }
            }
        }
        catch (OperationCanceledException stopped) when (token.IsCancellationRequested)
        {
            throw new InterruptedRunException(run.Root, stopped);
        }
    }

    /// <summary>Completes one stage after the other, while the run is held.</summary>
    /// <param name="decide">The first decision about a stage; those after a round are the policy's.</param>
    /// <param name="known">The coverage of the first stage if it was read already.</param>
    /// <param name="onError">What workers do with elements that cannot be fitted; null: as in the last round.</param>
    /// <param name="token">Lets workers finish their blocks.</param>
    /// <returns>The coverage of the first stage, complete as all others; null: a scheduler has the jobs of a round.</returns>
    /// <exception cref="BadInputException">No element was fitted, so that further stages would compute for nothing.</exception>
    private async Task<RunCoverage?> FitAsync(
        Func<StageDriver, Func<RunHistory, AdvanceDecision>> decide,
        RunCoverage? known,
        OnError? onError,
        CancellationToken token
    )
    {
        using var held = TakeRounds();
        RunCoverage? first = null;
        foreach (var stage in stages)
        {
            var coverage = await stage.FitAsync(decide(stage), first is null ? known : null, onError, token).ConfigureAwait(false);
            if (coverage is null)
                return null;
            if (first is null && stages.Count > 1)
                ResultsOfRun.RefuseNothingFitted(run, coverage);
            first ??= coverage;
        }
        return first;
    }

    private void CancelCompanions(CancellationToken token)
    {
        foreach (var stage in stages)
            stage.Launcher.CancelCompanions(token);
    }

    private IReadOnlyList<string> ReadReport() => [.. stages.SelectMany(stage => stage.Launcher.ReadReport())];

    /// <summary>The run is held, its stages and the runs of a batch as well.</summary>
    private DisposableStack TakeRounds()
    {
        var held = new DisposableStack();
        try
        {
            foreach (var path in run.Members().Concat(run.Stages()).Prepend(run).Select(one => one.RoundsClaim).Distinct())
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
            WriteRecord.Confirm(member, target);
        CancelCompanions(token);
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
        CancelCompanions(token);
        var summary = new RunSummary(
            results,
            run.Document.Warnings,
            UserCodeReport.Lines(run),
            prepared,
            fitted - prepared,
            clock.Elapsed - fitted
        )
        {
            Report = ReadReport(),
        };
        Finished(log, summary);
        return summary;
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "{Summary}")]
    private static partial void Finished(ILogger log, RunSummary summary);

    [LoggerMessage(EventId = 41, Level = LogLevel.Warning, Message = "{Holder} had started this and is gone; it is taken over")]
    private static partial void TookOver(ILogger log, ClaimHolder holder);

    [LoggerMessage(EventId = 42, Level = LogLevel.Information, Message = "{Holder} This job will retry.")]
    private static partial void HeldElsewhere(ILogger log, string holder);
}
