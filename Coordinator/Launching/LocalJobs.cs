using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>The state of jobs that are processes of some machine, from what their launcher recorded and from their heartbeats.</summary>
internal static class LocalJobs
{
    /// <summary>The jobs of a round; those of a round that no command launched as started by hand, if at all.</summary>
    public static IReadOnlyList<JobReport> Observe(RunDirectory run, Round round)
    {
        if (JsonFile.TryRead(run.LocalFile(round.Id), LaunchingJson.Default.LocalRecord) is not { } record)
            return ByHeartbeats(run, round);
        var ended = record.Ended.ToDictionary(report => report.Job);
        var heartbeats = RoundHeartbeats.Read(run, round.Id);
        var isGone = record.Launcher.IsDead();
        return [.. round.Jobs.Select(job => ended.GetValueOrDefault(job.Id) ?? Guess(job.Id, heartbeats.Find(job.Id)?.Report, isGone))];
    }

    /// <summary>
    /// What is known of a round from its workers' heartbeats alone: they were started by hand, or whoever started them does not answer.
    /// </summary>
    public static IReadOnlyList<JobReport> ByHeartbeats(RunDirectory run, Round round)
    {
        var heartbeats = RoundHeartbeats.Read(run, round.Id);
        return [.. round.Jobs.Select(job => Guess(job.Id, heartbeats.Find(job.Id)?.Report, isGone: false))];
    }

    private static JobReport Guess(JobId job, ProgressReport? heartbeat, bool isGone) =>
        (heartbeat, isGone) switch
        {
            (null, false) => new(job, JobOutcomeKind.Waiting),
            (null, true) => new(job, JobOutcomeKind.NeverStarted) { Detail = "its launcher ended before it was started" },
            ({ Ended: { } code }, _) => new(job, JobOutcomeKinds.FromExitCode(code)) { PeakBytes = heartbeat.PeakResidentBytes },
            (_, true) => new(job, JobOutcomeKind.Killed) { PeakBytes = heartbeat.PeakResidentBytes, Detail = "gone with its launcher" },
            ({ Process: { } process }, _) when process.IsAlive() == false => new(job, JobOutcomeKind.Killed)
            {
                PeakBytes = heartbeat.PeakResidentBytes,
                Detail = $"its process {process.Pid} on {process.Host} is gone",
            },
            _ => new(job, JobOutcomeKind.Running) { PeakBytes = heartbeat.PeakResidentBytes },
        };
}
