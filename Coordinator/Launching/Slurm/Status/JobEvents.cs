using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Launching.Slurm.Status;

/// <summary>Events of a job worth reporting: its failed starts, also if a later one succeeded.</summary>
internal static class JobEvents
{
    /// <summary>Not a real signal: what Slurm reports when it cannot open a task's output.</summary>
    private const int CannotWrite = 53;

    /// <summary>One sentence per event, in order; empty for a job that was started once and succeeded.</summary>
    public static IReadOnlyList<string> Describe(JobEvidence evidence)
    {
        var events = evidence.Starts.Where(start => IsReportable(start.State)).Select(DescribeStart).ToList();
        if (evidence.Starts.Count == 0)
            events.AddRange(FromReports(evidence));
        if (evidence.GivenUp is { } given)
            events.Add($"would never have started ({given.Reason}) and was cancelled");
        var silent = evidence.Attempts.Count(attempt => attempt.Ended is null);
        if (evidence.Attempts.Count > 1)
            events.Add($"{evidence.Attempts.Count} attempts{(silent > 0 ? $", {silent} of which ended without a report" : "")}");
        return events;
    }

    /// <summary>Whether a start ended other than by completion.</summary>
    public static bool IsReportable(SlurmJobState state) =>
        (state.HasEnded() && state != SlurmJobState.Completed) || state == SlurmJobState.Requeued;

    /// <summary>How a start ended, and where.</summary>
    public static string DescribeStart(SlurmTask start)
    {
        var cause = start.State switch
        {
            SlurmJobState.TimeOut or SlurmJobState.Deadline => "time limit",
            SlurmJobState.Preempted => "pre-empted",
            SlurmJobState.NodeFail or SlurmJobState.BootFail => "node failed",
            SlurmJobState.OutOfMemory => "out of memory",
            SlurmJobState.Requeued => "requeued",
            SlurmJobState.Cancelled => start.StateText.StartsWith("CANCELLED by", StringComparison.Ordinal)
                ? "cancelled" + start.StateText["CANCELLED".Length..]
                : "cancelled",
            SlurmJobState.Failed when start.Signal == CannotWrite =>
                "could not be launched (Slurm could not write its log: a full disk, or a folder that the node does not see)",
            SlurmJobState.Failed when start.Signal != 0 => $"ended by signal {start.Signal}",
            SlurmJobState.Failed => $"failed with exit code {start.ExitStatus}",
            _ => start.StateText,
        };
        return $"{cause}{(start.Node.Length > 0 ? $" on {start.Node}" : "")}";
    }

    private static IEnumerable<string> FromReports(JobEvidence evidence)
    {
        if (evidence.Task is { Restarts: > 0 } task)
            yield return $"restarted {CountText.Format(task.Restarts, "time")} by the scheduler";
        foreach (var attempt in evidence.Attempts.Where(attempt => attempt.Ended is not null and not ExitCode.Success))
            yield return $"attempt on {attempt.Host} ended with {attempt.Ended}";
    }
}
