using System.Globalization;
using HpcFit.Coordinator.Launching.Slurm.Asking;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Observing;

/// <summary>
/// What Slurm knows of the job that a claim's holder runs in. The controller gives a job up when its node does not answer, while the node may
/// still run it: so its word counts only about a node that is up.
/// </summary>
/// <param name="commands">The scheduler's programs.</param>
/// <param name="ownJob">The Slurm job that this process runs in; null: none.</param>
internal sealed class JobLiveness(SlurmCommands commands, string? ownJob) : IJobLiveness
{
    /// <inheritdoc/>
    public bool HasEnded(string slurmJob, string host)
    {
        if (!int.TryParse(slurmJob, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return false;
        try
        {
            return slurmJob == ownJob ? EarlierStartsHaveEnded(id, host) : AllHasEnded(id);
        }
        catch (SchedulerException)
        {
            // Nobody knows; doubt means alive, and the refusal of the claim says what to do.
            return false;
        }
    }

    private bool AllHasEnded(int id)
    {
        var tasks = commands.Queue([id], CancellationToken.None);
        if (tasks.Count == 0) tasks = commands.Accounting([id], CancellationToken.None) ?? [];
        return tasks.Count > 0 && tasks.All(task => task.State.HasEnded() && IsUp(task.Node));
    }

    /// <summary>This process's job held the claim before it was started over.</summary>
    private bool EarlierStartsHaveEnded(int id, string host) => commands.Accounting([id], CancellationToken.None) is { Count: > 1 } starts
        ? starts.SkipLast(1).All(start => IsUp(start.Node))
        : IsUp(host);

    private bool IsUp(string node)
    {
        if (node.Length == 0) return true; // it never began
        var states = commands.Ask("sinfo", ["-h", "-N", "-n", node, "-o", "%T"], CancellationToken.None).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return states.Length > 0 && !states.Any(state => state.EndsWith('*') || state.StartsWith("down", StringComparison.OrdinalIgnoreCase) || state.StartsWith("unknown", StringComparison.OrdinalIgnoreCase));
    }
}
