using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>What a run needs next.</summary>
internal abstract record AdvanceDecision;

/// <summary>Every element has its results: merge and write.</summary>
internal sealed record MergeNow : AdvanceDecision;

/// <summary>Jobs of the last round may still add results.</summary>
/// <param name="Waiting">Jobs that have not begun.</param>
/// <param name="Running">Jobs at work.</param>
internal sealed record WaitForJobs(int Waiting, int Running) : AdvanceDecision;

/// <summary>Another round over lacking elements.</summary>
/// <param name="Jobs">Its jobs: disjoint, ascending by their first element, numbered from 0.</param>
/// <param name="IsRetry">Whether failures made it necessary.</param>
/// <param name="Pause">How long to wait before it starts.</param>
/// <param name="Reasons">What is done about failures, for the log; one line a kind of failure.</param>
internal sealed record StartRound(IReadOnlyList<Job> Jobs, bool IsRetry, TimeSpan Pause, IReadOnlyList<string> Reasons) : AdvanceDecision;

/// <summary>Going on cannot help.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Stuck">What is left of which jobs, and how these ended.</param>
internal sealed record StopRun(StopReason Reason, IReadOnlyList<Fragment> Stuck) : AdvanceDecision;

/// <summary>Why a run is not gone on with.</summary>
internal enum StopReason
{
    /// <summary>A worker refused its input.</summary>
    Refused,

    /// <summary>Stored values cannot be read or user code failed, and the user wants to be asked.</summary>
    DataError,

    /// <summary>Every job of a round died before it finished an element.</summary>
    EveryJobDied,

    /// <summary>All that is left has been tried as often as allowed.</summary>
    RetriesUsedUp,

    /// <summary>Too many rounds in a row gained nothing.</summary>
    NoProgress,
}
