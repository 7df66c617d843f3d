using System.Diagnostics;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>
/// How old heartbeats are, on the observer's own clock: since their number changed. For one that has not been observed to change, only
/// the file's time is available, and the clocks of two machines may differ.
/// </summary>
internal sealed class HeartbeatAges
{
    private readonly Dictionary<AttemptId, (long Sequence, long Seen)> _seen = [];

    /// <summary>The age of a heartbeat, in seconds.</summary>
    public double Measure(AttemptHeartbeat heartbeat)
    {
        var byFile = Math.Max(0, (DateTime.UtcNow - heartbeat.Written).TotalSeconds);
        if (!_seen.TryGetValue(heartbeat.Attempt, out var last))
        {
            _seen[heartbeat.Attempt] = (heartbeat.Report.Sequence, 0);
            return byFile;
        }
        if (last.Sequence != heartbeat.Report.Sequence)
            _seen[heartbeat.Attempt] = last = (heartbeat.Report.Sequence, Stopwatch.GetTimestamp());
        return last.Seen == 0 ? byFile : Stopwatch.GetElapsedTime(last.Seen).TotalSeconds;
    }
}
