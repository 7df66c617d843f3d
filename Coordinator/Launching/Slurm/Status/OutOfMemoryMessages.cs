namespace HpcFit.Coordinator.Launching.Slurm.Status;

/// <summary>
/// Recognises what Slurm writes into a job's output when it kills the job because of memory. Where memory is polled (<c>OverMemoryKill</c>)
/// or swap is constrained, the state is that of any killed job, and these messages are the only evidence.
/// </summary>
internal static class OutOfMemoryMessages
{
    /// <summary>Messages of Slurm 14 to 24: its accounting plugins, slurmstepd, and the cgroup plugins.</summary>
    private static readonly string[] Phrases =
    [
        "exceeded memory limit",
        "Exceeded job memory limit",
        "Exceeded step memory limit",
        "Exceeded virtual memory limit",
        "exceeded virtual memory limit",
        "memory limit exceeded",
        "exceeds memory limit",
        "oom-kill",
        "oom_kill",
        "out-of-memory handler",
        "Out Of Memory",
        "OutOfMemory",
        "OUT_OF_MEMORY",
        "DUE TO MEMORY",
    ];

    /// <summary>Whether a text contains such a message.</summary>
    public static bool Match(string text) => Phrases.Any(phrase => text.Contains(phrase, StringComparison.Ordinal));
}
