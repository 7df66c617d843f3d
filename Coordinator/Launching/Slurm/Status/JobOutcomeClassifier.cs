using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Status;

/// <summary>
/// Why a job ended, or where it stands. The worker's own last word counts first; the scheduler tells what the worker could not know (whose
/// signal it was), and speaks alone where the worker left nothing. Neither says whether the job succeeded: valid blocks do.
/// </summary>
internal static class JobOutcomeClassifier
{
    private const int SigKill = 9;

    /// <summary>A shell adds this to the number of the signal that ended its command.</summary>
    private const int SignalBase = 128;

    /// <summary>A process killed with this part of its memory in use was killed for memory.</summary>
    private const double NearlyAllMemory = 0.9;

    /// <summary>Judges.</summary>
    public static JobReport Judge(JobId job, JobEvidence evidence)
    {
        var ending = Ending(evidence);
        return new(job, ending)
        {
            PeakBytes = evidence.Attempts.Count == 0 ? null : evidence.Attempts.Max(Peak),
            Words = Words(evidence, ending),
            Events = JobEvents.Describe(evidence),
        };
    }

    private static JobOutcomeKind Ending(JobEvidence evidence)
    {
        if (!evidence.WasHandedOver)
            return JobOutcomeKind.Waiting;
        if (evidence.GivenUp is { } given && evidence.Attempts.Count == 0)
            return given.IsHopeless ? JobOutcomeKind.Refused : JobOutcomeKind.NeverStarted;
        var said = evidence.Attempts is [.., var last] ? last.Ended : null;
        return evidence.Task?.State switch
        {
            { } state when state.IsWaiting() => JobOutcomeKind.Waiting,
            SlurmJobState.Completing when said is { } code => ExitCodeOutcome.From(code),
            { } state when state.IsActive() => JobOutcomeKind.Running,
            SlurmJobState.Unknown => said is { } code ? ExitCodeOutcome.From(code) : JobOutcomeKind.Running,
            // The worker's own reasons come before the scheduler's, unless all it knows is that it was told to stop.
            _ when said is { } code and not ExitCode.Cancelled => ExitCodeOutcome.From(code),
            SlurmJobState.TimeOut or SlurmJobState.Deadline => JobOutcomeKind.TimeLimit,
            SlurmJobState.Preempted => JobOutcomeKind.Preempted,
            SlurmJobState.NodeFail or SlurmJobState.BootFail or SlurmJobState.Revoked => JobOutcomeKind.NodeFailure,
            SlurmJobState.OutOfMemory => JobOutcomeKind.OutOfMemory,
            _ when MemoryWords.AreIn(evidence.Task?.Reason ?? "") || MemoryWords.AreIn(evidence.LastWords.Value) =>
                JobOutcomeKind.OutOfMemory,
            SlurmJobState.Cancelled => evidence.Attempts.Count == 0 ? JobOutcomeKind.NeverStarted : JobOutcomeKind.Cancelled,
            _ when said is not null => JobOutcomeKind.Cancelled,
            _ => WithoutAWord(evidence),
        };
    }

    /// <summary>The worker left no last word, and the scheduler no reason.</summary>
    private static JobOutcomeKind WithoutAWord(JobEvidence evidence)
    {
        var task = evidence.Task;
        if (evidence.Attempts is not [.., var last])
        {
            if (task is null)
                return JobOutcomeKind.NeverStarted;
            if (SignalOf(task) == SigKill)
                return JobOutcomeKind.Killed;
            return Enum.IsDefined((ExitCode)task.ExitStatus) && task.ExitStatus > (int)ExitCode.InternalError
                ? ExitCodeOutcome.From((ExitCode)task.ExitStatus)
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

    private static string Words(JobEvidence evidence, JobOutcomeKind ending)
    {
        if (!evidence.WasHandedOver)
            return "in a later window of the round";
        if (evidence.GivenUp is { } given)
            return $"{given.Reason}: {given.Advice}";
        var task = evidence.Task;
        switch (ending)
        {
            case JobOutcomeKind.Waiting:
                return task is null ? ""
                    : PendingReasons.Judge(task) is { } never ? $"{task.Reason}: {never.Advice}"
                    : task.Reason;
            case JobOutcomeKind.Running:
                return task is null ? ""
                    : task.State == SlurmJobState.Running ? task.Node
                    : $"{task.StateText} on {task.Node}";
            case JobOutcomeKind.Finished:
                return "";
            default:
                var state = task is null ? "the scheduler no longer knows it" : $"Slurm says {task.StateText}{Reason(task)}{On(task)}";
                var words = evidence.LastWords.Value;
                return words.Length == 0 ? state : $"{state}; it said: {words}";
        }
    }

    private static string Reason(SlurmTask task) => task.Reason.Length == 0 ? "" : $" ({task.Reason})";

    private static string On(SlurmTask task) => task.Node.Length == 0 ? "" : $" on {task.Node}";
}
