namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>A job's state in Slurm's terms (<c>man squeue</c>, JOB STATE CODES).</summary>
internal enum SlurmJobState
{
    /// <summary>A state unknown to this program: neither waiting, running nor ended.</summary>
    Unknown,
    Pending,
    RequeueHold,
    RequeueFed,
    ResvDelHold,
    SpecialExit,
    Requeued,
    Configuring,
    Running,
    Suspended,
    Stopped,
    Signaling,
    StageOut,
    Resizing,
    Completing,
    Completed,
    Failed,
    TimeOut,
    OutOfMemory,
    NodeFail,
    BootFail,
    Preempted,
    Cancelled,
    Deadline,
    Revoked,
}

/// <summary>Parses and classifies states.</summary>
internal static class SlurmJobStates
{
    private static readonly Dictionary<string, SlurmJobState> ByName = Enum.GetValues<SlurmJobState>()
        .Where(state => state != SlurmJobState.Unknown)
        .ToDictionary(state => state.ToString().ToUpperInvariant());

    /// <summary>
    /// Reads <c>COMPLETED</c>, <c>CANCELLED by 1000</c>, <c>NODE_FAIL</c>, <c>CANCELLED+</c>; base states followed by flags
    /// (<c>PENDING,REQUEUED</c>) give the base.
    /// </summary>
    public static SlurmJobState Parse(string text)
    {
        var end = text.AsSpan().IndexOfAny(" ,+*");
        var word = (end < 0 ? text : text[..end]).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
        return ByName.GetValueOrDefault(word);
    }

    /// <summary>Not started, or requeued.</summary>
    public static bool IsWaiting(this SlurmJobState state) => state is >= SlurmJobState.Pending and <= SlurmJobState.Requeued;

    /// <summary>A process of it may be alive on a node.</summary>
    public static bool IsActive(this SlurmJobState state) => state is >= SlurmJobState.Configuring and <= SlurmJobState.Completing;

    /// <summary>Ended and not requeued.</summary>
    public static bool HasEnded(this SlurmJobState state) => state >= SlurmJobState.Completed;
}
