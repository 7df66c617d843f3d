using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Status;

/// <summary>
/// Determines a job's state, or why it ended. The worker's last report has priority; the scheduler adds what the worker cannot know (who
/// sent a signal), and decides alone if there is no report. Neither determines whether the job succeeded: valid blocks do.
/// </summary>
internal static class JobOutcomeClassifier
{
    private const int SigKill = 9;

    /// <summary>A shell adds this to the number of the signal that ended its command.</summary>
    private const int SignalBase = 128;

    /// <summary>A process that was killed with this fraction of its memory in use counts as out of memory.</summary>
    private const double NearlyAllMemory = 0.9;

    /// <summary>The report on one job.</summary>
    public static JobReport Classify(JobId job, JobEvidence evidence)
    {
        var ending = Ending(evidence);
        return new(job, ending)
        {
            PeakBytes = evidence.Attempts.Count == 0 ? null : evidence.Attempts.Max(Peak),
            Detail = DetailOf(evidence, ending),
            Events = JobEvents.Describe(evidence),
        };
    }

    private static JobOutcomeKind Ending(JobEvidence evidence)
    {
        if (!evidence.WasSubmitted)
            return JobOutcomeKind.Waiting;
        if (evidence.GivenUp is { } given && evidence.Attempts.Count == 0)
            return given.IsHopeless ? JobOutcomeKind.Refused : JobOutcomeKind.NeverStarted;
        var reported = evidence.Attempts is [.., var last] ? last.Ended : null;
        return evidence.Task?.State switch
        {
            { } state when state.IsWaiting() => JobOutcomeKind.Waiting,
            SlurmJobState.Completing when reported is { } code => JobOutcomeKinds.FromExitCode(code),
            { } state when state.IsActive() => JobOutcomeKind.Running,
            SlurmJobState.Unknown => reported is { } code ? JobOutcomeKinds.FromExitCode(code) : JobOutcomeKind.Running,
            // The worker's exit code has priority over the scheduler's state, unless it only reports a requested stop.
            _ when reported is { } code and not ExitCode.Cancelled => JobOutcomeKinds.FromExitCode(code),
            SlurmJobState.TimeOut or SlurmJobState.Deadline => JobOutcomeKind.TimeLimit,
            SlurmJobState.Preempted => JobOutcomeKind.Preempted,
            SlurmJobState.NodeFail or SlurmJobState.BootFail or SlurmJobState.Revoked => JobOutcomeKind.NodeFailure,
            SlurmJobState.OutOfMemory => JobOutcomeKind.OutOfMemory,
            _ when OutOfMemoryMessages.Match(evidence.Task?.Reason ?? "") || OutOfMemoryMessages.Match(evidence.OutputTail.Value) =>
                JobOutcomeKind.OutOfMemory,
            SlurmJobState.Cancelled => evidence.Attempts.Count == 0 ? JobOutcomeKind.NeverStarted : JobOutcomeKind.Cancelled,
            _ when reported is not null => JobOutcomeKind.Cancelled,
            _ => WithoutReport(evidence),
        };
    }

    /// <summary>The outcome when neither a last report of the worker nor the scheduler gives a reason.</summary>
    private static JobOutcomeKind WithoutReport(JobEvidence evidence)
    {
        var task = evidence.Task;
        if (evidence.Attempts is not [.., var last])
        {
            if (task is null)
                return JobOutcomeKind.NeverStarted;
            if (SignalOf(task) == SigKill)
                return JobOutcomeKind.Killed;
            return Enum.IsDefined((ExitCode)task.ExitStatus) && task.ExitStatus > (int)ExitCode.InternalError
                ? JobOutcomeKinds.FromExitCode((ExitCode)task.ExitStatus)
                : JobOutcomeKind.Crashed;
        }
        if (task is not null && SignalOf(task) is not (0 or SigKill))
            return JobOutcomeKind.Crashed;
        return last.OomKills > 0 || Peak(last) >= NearlyAllMemory * evidence.Asked.MemoryBytes
            ? JobOutcomeKind.OutOfMemory
            : JobOutcomeKind.Killed;
    }

    private static long Peak(ProgressReport attempt) => Math.Max(attempt.PeakResidentBytes, attempt.ResidentBytes);

    private static int SignalOf(SlurmTask task) =>
        task.Signal != 0 ? task.Signal
        : task.ExitStatus > SignalBase ? task.ExitStatus - SignalBase
        : 0;

    private static string DetailOf(JobEvidence evidence, JobOutcomeKind ending)
    {
        if (!evidence.WasSubmitted)
            return "not submitted yet: the cluster's limit on queued jobs is reached";
        if (evidence.GivenUp is { } given)
            return $"{given.Reason}: {given.Advice}";
        var task = evidence.Task;
        switch (ending)
        {
            case JobOutcomeKind.Waiting:
                return task is null ? ""
                    : PendingReasons.Find(task) is { } never ? $"{task.Reason}: {never.Advice}"
                    : task.Reason;
            case JobOutcomeKind.Running:
                return task is null ? ""
                    : task.State == SlurmJobState.Running ? task.Node
                    : $"{task.StateText} on {task.Node}";
            case JobOutcomeKind.Finished:
                return "";
            default:
                var state = task is null ? "the scheduler no longer knows it" : $"Slurm reports {task.StateText}{Reason(task)}{On(task)}";
                var output = evidence.OutputTail.Value;
                return output.Length == 0 ? state : $"{state}; its output ends with: {output}";
        }
    }

    private static string Reason(SlurmTask task) => task.Reason.Length == 0 ? "" : $" ({task.Reason})";

    private static string On(SlurmTask task) => task.Node.Length == 0 ? "" : $" on {task.Node}";
}
