using HpcFit.Coordinator.Advancing;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>Reads how a run stands, once or again and again; what cannot change any more is read once.</summary>
/// <param name="run">The run.</param>
/// <param name="log">Where a scheduler that does not answer is told.</param>
internal sealed class StatusReader(RunDirectory run, ILogger log)
{
    private readonly CoverageCache _coverage = new(run);
    private readonly HeartbeatAges _ages = new();
    private readonly Dictionary<RoundId, RoundHeartbeats> _heartbeats = [];

    /// <summary>How the run stands now.</summary>
    public async Task<RunStatus> ReadAsync(CancellationToken token)
    {
        // Covered elements are read after the jobs' states: what ended meanwhile has left its blocks by then.
        var seen = new List<(Round Round, string Launcher, RoundOutcome? Outcome, IReadOnlyList<JobReport> Reports)>();
        foreach (var id in run.Rounds())
        {
            var round = run.ReadRound(id);
            var outcome = JsonFile.TryRead(run.OutcomeFile(id), AdvancingJson.Default.RoundOutcome);
            var launcher = RoundLauncher.NameOf(run, id);
            seen.Add((round, launcher, outcome, outcome is null ? await RoundLauncher.ObserveAsync(run, round, log, token).ConfigureAwait(false) : []));
        }
        var holders = ((string[])[run.RoundsClaim, run.MergeClaim]).Select(Claim.ReadHolder).ToList();
        var covered = _coverage.Read(token).Intersect(run.Document.ElementSet());
        var rounds = seen.Select(one => StatusOf(one.Round, one.Launcher, one.Outcome ?? RoundOutcome.Judge(one.Round, covered, one.Reports), covered)).ToList();
        return Summarise(rounds, covered, holders[0], holders[1], isJudged: seen.Count > 0 && (seen[^1].Outcome is not null || seen[^1].Launcher == RoundLauncher.Local));
    }

    private RunStatus Summarise(IReadOnlyList<RoundStatus> rounds, ElementSet covered, ClaimHolder? planner, ClaimHolder? merger, bool isJudged)
    {
        var document = run.Document;
        var lacking = document.ElementSet().Count - covered.Count;
        var working = rounds.SelectMany(round => round.Jobs).Where(job => job.State == JobEnding.Running).ToList();
        var rate = working.Sum(job => job.Attempt?.ElementsPerSecond ?? 0);
        return new()
        {
            Folder = run.Root,
            Digest = document.Digest,
            Model = document.Spec.Model.Engine,
            Formula = document.Spec.Model.Formula,
            State = (lacking, merger) switch
            {
                (_, { } holder) when !holder.IsDead() => RunState.Merging,
                (0, _) => RunState.Complete,
                _ when working.Count > 0 => RunState.Running,
                _ when planner?.IsDead() == false || !isJudged || rounds.SelectMany(round => round.Jobs).Any(job => job.State == JobEnding.Waiting) => RunState.Waiting,
                _ => RunState.Stopped,
            },
            Elements = document.ElementSet().Count,
            Covered = covered.Count,
            ElementsPerSecond = rate,
            SecondsLeft = rate > 0 && lacking > 0 ? lacking / rate : null,
            Rounds = rounds,
            Holders = [.. ((ClaimHolder?[])[planner, merger]).OfType<ClaimHolder>()],
            Target = run.ReadTarget(),
            IsWritten = WriteRecord.Read(run) is { IsDone: true } written && written.Target == run.ReadTarget(),
        };
    }

    private RoundStatus StatusOf(Round round, string launcher, RoundOutcome outcome, ElementSet covered)
    {
        RoundHeartbeats? heartbeats = null;
        return new(round.Id, launcher, round.IsRetry, [.. round.Jobs.Zip(outcome.Jobs, (job, end) => new JobStatus(job.Id, end.Ending, job.Elements.Count, job.Elements.Except(covered).Count)
        {
            Words = end.Words,
            Attempt = end.Ending == JobEnding.Running ? Attempt((heartbeats ??= Heartbeats(round.Id)).Of(job.Id)) : null,
        })]);
    }

    private RoundHeartbeats Heartbeats(RoundId round)
    {
        if (!_heartbeats.TryGetValue(round, out var heartbeats)) _heartbeats[round] = heartbeats = new(run, round);
        heartbeats.Refresh();
        return heartbeats;
    }

    private AttemptStatus? Attempt(AttemptHeartbeat? heartbeat) => heartbeat is { Report: var report }
        ? new(
            heartbeat.Attempt.ToString(), report.Host, report.Pid, report.ElementsDone, Math.Round(report.ElementsPerSecond, 1), report.ResidentBytes, report.Sequence,
            Math.Round(_ages.Of(heartbeat), 1))
        : null;
}
