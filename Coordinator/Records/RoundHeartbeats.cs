using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Records;

/// <summary>The latest heartbeats of a round's attempts. Those of attempts that have ended are not read again.</summary>
/// <param name="run">The run.</param>
/// <param name="round">The round.</param>
internal sealed class RoundHeartbeats(RunDirectory run, RoundId round)
{
    private readonly Dictionary<AttemptId, AttemptHeartbeat> _last = [];
    private Dictionary<JobId, AttemptHeartbeat> _byJob = [];

    /// <summary>
    /// Elements published by the round's jobs, according to their heartbeats; of several attempts at a job the one that did most counts.
    /// </summary>
    public long ElementsDone { get; private set; }

    /// <summary>Reads the current heartbeats.</summary>
    public static RoundHeartbeats Read(RunDirectory run, RoundId round)
    {
        var heartbeats = new RoundHeartbeats(run, round);
        heartbeats.Refresh();
        return heartbeats;
    }

    /// <summary>Reads the heartbeats that may have changed.</summary>
    public void Refresh()
    {
        foreach (var attempt in run.ReportedAttempts().Where(attempt => attempt.Round == round))
        {
            if (_last.GetValueOrDefault(attempt)?.Report.Ended is not null)
                continue;
            if (run.ReadProgress(attempt) is { } report)
                _last[attempt] = new(attempt, report, File.GetLastWriteTimeUtc(run.ProgressFile(attempt)));
        }
        _byJob = _last
            .Values.GroupBy(one => one.Attempt.Job)
            .ToDictionary(attempts => attempts.Key, attempts => attempts.MaxBy(one => one.Written)!);
        ElementsDone = _last.Values.GroupBy(one => one.Attempt.Job).Sum(attempts => attempts.Max(one => one.Report.ElementsDone));
    }

    /// <summary>The last heartbeat of a job's latest attempt; null when none has started.</summary>
    public AttemptHeartbeat? Find(JobId job) => _byJob.GetValueOrDefault(job);
}

/// <summary>The heartbeat of an attempt.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Report">Its content.</param>
/// <param name="Written">When its file was written, by the file system's clock, UTC.</param>
internal sealed record AttemptHeartbeat(AttemptId Attempt, ProgressReport Report, DateTime Written);
