namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>Tells what a busy, restarting or unreachable controller says from what is said to a wrong request.</summary>
internal static class TransientErrors
{
    /// <summary>Phrases of Slurm 17 to 24 (src/common/slurm_errno.c) for conditions that pass.</summary>
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
        // Limits on jobs in the queue, of a user, an account or a QOS: they pass as jobs end.
        "MaxSubmitJob",
        "GrpSubmitJob",
        "Slurmctld down",
        "Slurm database connection",
        "Temporary failure in name resolution",
        "try again",
    ];

    /// <summary>Whether asking again later may help.</summary>
    public static bool Match(CommandAnswer answer) =>
        answer.Fate switch
        {
            CommandFate.TimedOut => true,
            CommandFate.NotFound => false,
            _ => answer.ExitCode != 0 && Phrases.Any(phrase => answer.Errors.Contains(phrase, StringComparison.OrdinalIgnoreCase)),
        };
}
