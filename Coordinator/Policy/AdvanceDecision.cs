using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>What a run needs next.</summary>
internal abstract record AdvanceDecision;

/// <summary>Every element has a result: merge and write.</summary>
internal sealed record MergeNow : AdvanceDecision;

/// <summary>Jobs of the last round may still add results.</summary>
/// <param name="Waiting">Jobs that have not started.</param>
/// <param name="Running">Running jobs.</param>
internal sealed record WaitForJobs(int Waiting, int Running) : AdvanceDecision;

/// <summary>Start another round over missing elements.</summary>
/// <param name="Jobs">Its jobs: disjoint, ascending by their first element, numbered from 0.</param>
/// <param name="IsRetry">Whether failures made it necessary.</param>
/// <param name="Pause">How long to wait before it starts.</param>
/// <param name="Reasons">How failures are handled, for the log; one line per kind of failure.</param>
internal sealed record StartRound(IReadOnlyList<Job> Jobs, bool IsRetry, TimeSpan Pause, IReadOnlyList<string> Reasons) : AdvanceDecision;

/// <summary>Stop: another round cannot help.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Unfinished">What remains of which jobs, and how these ended.</param>
internal sealed record StopRun(StopReason Reason, IReadOnlyList<Fragment> Unfinished) : AdvanceDecision;

/// <summary>Why a run is stopped.</summary>
internal enum StopReason
{
    /// <summary>A worker refused its input.</summary>
    Refused,

    /// <summary>Stored values cannot be read or user code failed, under <c>--on-error stop</c>.</summary>
    DataError,

    /// <summary>Every job of a round crashed before it finished an element.</summary>
    EveryJobDied,

    /// <summary>All missing elements have been tried as often as allowed.</summary>
    RetriesUsedUp,

    /// <summary>Too many consecutive rounds gained nothing.</summary>
    NoProgress,
}
