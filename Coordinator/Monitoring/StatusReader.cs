using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>Reads the state of a run, once or repeatedly; what can no longer change is read once.</summary>
/// <param name="run">The run.</param>
/// <param name="log">Receives a warning when a scheduler does not answer.</param>
internal sealed class StatusReader(RunDirectory run, ILogger log)
{
    private readonly CoverageCache _coverage = new(run);
    private readonly HeartbeatAges _ages = new();
    private readonly Dictionary<RoundId, RoundHeartbeats> _heartbeats = [];
    private readonly List<StatusReader> _stages = [.. run.Stages().Skip(1).Select(stage => new StatusReader(stage, log))];

    /// <summary>The current state of the run, with that of its stages.</summary>
    public async Task<RunStatus> ReadAsync(CancellationToken token)
    {
        var own = await ReadOwnAsync(token).ConfigureAwait(false);
        if (_stages.Count == 0)
            return own;
        var stages = new List<RunStatus>();
        foreach (var stage in _stages)
            stages.Add(await stage.ReadAsync(token).ConfigureAwait(false));
        own = own with { Stages = [.. _stages.Zip(stages, (reader, stage) => reader.AsStage(stage))] };
        // The state of the run is that of its first stage that is not complete, unless its results are there.
        var isFitted = own.Covered == own.Elements && !own.IsWritten && !IsAlive(Holder(run.MergeClaim));
        if (!isFitted || stages.Find(stage => stage.State != RunState.Complete) is not { } current)
            return own;
        var stop = current.State == RunState.Stopped ? StopCause.Find(run.Root, current.Rounds) : null;
        return own with { State = current.State, Cause = stop?.Cause, Next = stop?.Command };
    }

    private StageStatus AsStage(RunStatus status) =>
        new(
            status.Folder,
            run.Document.Stage!.Name,
            run.Document.Stage.Axis,
            status.State,
            status.Elements,
            status.Covered,
            status.ElementsPerSecond,
            status.SecondsLeft,
            status.Rounds
        );

    private async Task<RunStatus> ReadOwnAsync(CancellationToken token)
    {
        // Coverage is read after the jobs' states: it then includes the blocks of jobs that ended meanwhile.
        var seen = new List<(Round Round, string Launcher, RoundOutcome? Outcome, IReadOnlyList<JobReport> Reports)>();
        foreach (var id in run.Rounds())
        {
            var round = run.ReadRound(id);
            var outcome = JsonFile.TryRead(run.OutcomeFile(id), AdvancingJson.Default.RoundOutcome);
            var launcher = RoundLauncher.LauncherOf(run, id);
            seen.Add(
                (
                    round,
                    launcher,
                    outcome,
                    outcome is null ? await RoundLauncher.ObserveAsync(run, round, log, token).ConfigureAwait(false) : []
                )
            );
        }
        var holders = ((string[])[run.RoundsClaim, run.MergeClaim]).Select(Holder).ToList();
        var covered = _coverage.Read(token).Intersect(run.Document.ElementSet());
        var rounds = seen.Select(one =>
                StatusOf(one.Round, one.Launcher, one.Outcome ?? RoundOutcome.From(one.Round, covered, one.Reports), covered)
            )
            .ToList();
        return Summarise(rounds, covered, holders[0], holders[1], token);
    }

    /// <summary>The holder of a claim; null: none, or its file cannot be read.</summary>
    private static ClaimHolder? Holder(string claim)
    {
        try
        {
            return Claim.ReadHolder(claim);
        }
        catch (BadInputException)
        {
            return null; // a command that needs the claim reports what is wrong with it
        }
    }

    private RunStatus Summarise(
        IReadOnlyList<RoundStatus> rounds,
        ElementSet covered,
        ClaimHolder? planner,
        ClaimHolder? merger,
        CancellationToken token
    )
    {
        var document = run.Document;
        var missing = document.ElementSet().Count - covered.Count;
        var working = rounds.SelectMany(round => round.Jobs).Where(job => job.State == JobOutcomeKind.Running).ToList();
        var rate = working.Sum(job => job.Attempt?.ElementsPerSecond ?? 0);
        var members = run.Members().Select(member => StatusOf(member, token)).ToList();
        var (hasTargets, isWritten) = (
            members.TrueForAll(member => member.Target is not null),
            members.TrueForAll(member => member.IsWritten)
        );
        var state = (missing, working.Count) switch
        {
            _ when IsAlive(merger) => RunState.Merging,
            (0, _) => hasTargets && !isWritten && IsGoingOn(rounds, planner, token) ? RunState.Merging : RunState.Complete,
            (_, > 0) => RunState.Running,
            _ when hasTargets && isWritten => RunState.Complete, // partial files of written results may have been deleted
            _ when IsGoingOn(rounds, planner, token) || IsAwaited(rounds) => RunState.Waiting,
            _ => RunState.Stopped,
        };
        var stop = state == RunState.Stopped ? StopCause.Find(run.Root, rounds) : null;
        return new()
        {
            Folder = run.Root,
            Digest = document.Digest,
            Model = document.Spec.Model.Engine,
            Formula = document.Spec.Model.Formula,
            State = state,
            Elements = document.ElementSet().Count,
            Covered = covered.Count,
            ElementsPerSecond = rate,
            SecondsLeft = rate > 0 && missing > 0 ? missing / rate : null,
            Rounds = rounds,
            Holders = [.. ((ClaimHolder?[])[planner, merger]).OfType<ClaimHolder>()],
            Target = members is [var only] ? only.Target : null,
            Members = members.Count > 1 ? members : null,
            Permutation = members.Count > 1 ? null : document.Layout.Permutation,
            IsWritten = isWritten,
            Warnings = members is [var written] ? written.Warnings : null,
            Cause = stop?.Cause,
            Next = stop?.Command,
        };
    }

    /// <summary>Whether the run continues: a command is alive, or a job of the run is in the scheduler's queue.</summary>
    private bool IsGoingOn(IReadOnlyList<RoundStatus> rounds, ClaimHolder? planner, CancellationToken token) =>
        IsAlive(planner)
        || (
            rounds is [.., var last]
            && last.Launcher switch
            {
                RoundLauncher.Local => IsAlive(JsonFile.TryRead(run.LocalFile(last.Round), LaunchingJson.Default.LocalRecord)?.Launcher),
                RoundLauncher.Nobody => false,
                _ => RoundLauncher.IsInQueue(run, log, token) != false,
            }
        );

    /// <summary>Whether workers are to be started by hand, after <c>plan</c>, and no started one has failed.</summary>
    private static bool IsAwaited(IReadOnlyList<RoundStatus> rounds) =>
        rounds is [.., { Launcher: RoundLauncher.Nobody } last]
        && last.Jobs.Any(job => job.State == JobOutcomeKind.Waiting)
        && last.Jobs.All(job => job.Left == 0 || job.State == JobOutcomeKind.Waiting);

    private bool IsAlive(ClaimHolder? holder) =>
        holder is not null && !holder.IsDead(SlurmLauncher.TryCreate(run, BackOff.None, log)?.Liveness);

    private static MemberStatus StatusOf(RunDirectory member, CancellationToken token)
    {
        var (document, target) = (member.Document, member.ReadTarget());
        var isWritten = target is not null && IsWritten(member, target, token);
        return new(member.Root, document.Digest, document.Spec.Model.Engine, document.Spec.Model.Formula, target, isWritten)
        {
            Permutation = document.Layout.Permutation,
            Warnings = isWritten ? WriteRecord.Read(member)?.Warnings : null,
        };
    }

    /// <summary>According to the record, unless the file shows that the results are no longer there.</summary>
    private static bool IsWritten(RunDirectory member, OutputTarget target, CancellationToken token) =>
        WriteRecord.IsComplete(member, target) && WrittenResults.AreThereNow(member.Document, target, token) != false;

    private RoundStatus StatusOf(Round round, string launcher, RoundOutcome outcome, ElementSet covered)
    {
        RoundHeartbeats? heartbeats = null;
        return new(
            round.Id,
            launcher,
            round.IsRetry,
            [
                .. round.Jobs.Zip(
                    outcome.Jobs,
                    (job, end) =>
                        new JobStatus(job.Id, end.Ending, job.Elements.Count, job.Elements.Except(covered).Count)
                        {
                            Detail = end.Detail,
                            Attempt =
                                end.Ending == JobOutcomeKind.Running ? Attempt((heartbeats ??= Heartbeats(round.Id)).Find(job.Id)) : null,
                        }
                ),
            ]
        );
    }

    private RoundHeartbeats Heartbeats(RoundId round)
    {
        if (!_heartbeats.TryGetValue(round, out var heartbeats))
            _heartbeats[round] = heartbeats = new(run, round);
        heartbeats.Refresh();
        return heartbeats;
    }

    private AttemptStatus? Attempt(AttemptHeartbeat? heartbeat) =>
        heartbeat is { Report: var report }
            ? new(
                heartbeat.Attempt.ToString(),
                report.Host,
                report.Pid,
                report.ElementsDone,
                Math.Round(report.ElementsPerSecond, 1),
                report.ResidentBytes,
                report.Sequence,
                Math.Round(_ages.Measure(heartbeat), 1)
            )
            : null;
}
