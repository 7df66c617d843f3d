using HpcFit.Coordinator.Launching.Batch;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>Distinguishes messages of a busy, restarting or unreachable controller from refusals of a request.</summary>
internal static class TransientErrors
{
    /// <summary>Phrases of Slurm 17 to 24 (src/common/slurm_errno.c) for temporary conditions.</summary>
    private static readonly string[] Phrases =
    [
        "Socket timed out",
        "Unable to contact slurm controller",
        "Slurm temporarily unable",
        "Zero Bytes were transmitted",
        "Connection refused",
        "Connection reset",
        "Connection timed out",
        "Transport endpoint is not connected",
        "Slurm controller not responding",
        "Slurm backup controller in standby",
        "Resource temporarily unavailable",
        "Too many open files",
        "Message receive failure",
        "Message send failure",
        "Unspecified error",
        "Communication connection failure",
        // Limits on jobs in the queue, of a user, an account or a QOS: temporary, since jobs end.
        "MaxSubmitJob",
        "GrpSubmitJob",
        "Slurmctld down",
        "Slurm database connection",
        "Temporary failure in name resolution",
        "try again",
    ];

    /// <summary>Whether a later retry may succeed.</summary>
    public static bool Match(CommandAnswer answer) =>
        answer.Ending switch
        {
            CommandEnding.TimedOut => true,
            CommandEnding.NotFound => false,
            _ => answer.ExitCode != 0 && Phrases.Any(phrase => answer.Errors.Contains(phrase, StringComparison.OrdinalIgnoreCase)),
        };
}
