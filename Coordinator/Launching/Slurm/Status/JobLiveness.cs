using System.Globalization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Claims;

namespace HpcFit.Coordinator.Launching.Slurm.Status;

/// <summary>
/// Whether the Slurm job of a claim's holder has ended. The controller gives up a job when its node does not answer, while the node
/// may still run it: so its report counts only for nodes that are up.
/// </summary>
/// <param name="commands">The scheduler's programs.</param>
/// <param name="ownJob">The Slurm job that this process runs in; null: none.</param>
internal sealed class JobLiveness(SlurmCommands commands, string? ownJob) : IJobLiveness
{
    /// <inheritdoc/>
    public bool HasEnded(string slurmJob, string? node)
    {
        if (!int.TryParse(slurmJob, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return false;
        try
        {
            var now = commands.Queue([id], CancellationToken.None);
            var starts = commands.Accounting([id], CancellationToken.None) ?? [];
            if (slurmJob == ownJob)
            {
                // An earlier start of this process's own job held the claim.
                starts = [.. starts.Where(start => start.State.HasEnded() || start.State == SlurmJobState.Requeued)];
                now = [];
            }
            else if ((now.Count > 0 ? now : starts) is not [.., var last] || !last.State.HasEnded())
            {
                return false;
            }
            var nodes = starts
                .Concat(now)
                .Select(start => start.Node)
                .Append(node ?? "")
                .Where(name => name.Length > 0)
                .Distinct()
                .ToList();
            return (slurmJob != ownJob || nodes.Count > 0) && nodes.TrueForAll(IsUp);
        }
        catch (SchedulerException)
        {
            // Unknown counts as alive; the refusal of the claim explains what to do.
            return false;
        }
    }

    private bool IsUp(string node)
    {
        var states = commands
            .Run("sinfo", ["-h", "-N", "-n", node, "-o", "%N|%T"], CancellationToken.None)
            .Split('\n')
            .Select(line => line.Trim().Split('|'))
            .Where(fields => fields.Length == 2 && fields[0] == node)
            .Select(fields => fields[1])
            .ToList();
        return states.Count > 0
            && !states.Exists(state =>
                state.EndsWith('*')
                || state.StartsWith("down", StringComparison.OrdinalIgnoreCase)
                || state.StartsWith("unknown", StringComparison.OrdinalIgnoreCase)
            );
    }
}
