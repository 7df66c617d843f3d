using HpcFit.Coordinator.Policy;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>Why no process works on an incomplete run, and the command that continues it.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Command">The next command.</param>
internal sealed record StopCause(string Cause, string Command)
{
    /// <summary>The cause, from the last round.</summary>
    /// <param name="folder">The run directory.</param>
    /// <param name="rounds">The run's rounds.</param>
    public static StopCause Find(string folder, IReadOnlyList<RoundStatus> rounds)
    {
        if (rounds is not [.., var last])
            return new("no round of jobs was created, and no command works on the run", TypedCommand.Line("resume", folder));
        var failed = last.Jobs.Where(job => job.Left > 0).ToList();
        var endings = string.Join(
            ", ",
            failed
                .CountBy(job => job.State)
                .OrderByDescending(pair => pair.Value)
                .Select(pair => $"{pair.Value:N0} {pair.Key.DisplayName()}")
        );
        var nobody = RoundLauncher.IsScheduler(last.Launcher) ? "no job of the run is in the queue" : "no command works on it";
        string[] skip = failed.Exists(job => job.State == JobOutcomeKind.DataError) ? ["--on-error", "skip"] : [];
        return new(
            $"{CountText.Format(failed.Count, "job")} of round {last.Round} left elements without a result ({endings}), and {nobody}",
            TypedCommand.Line(["resume", folder, .. skip])
        );
    }
}
