using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Running;

/// <summary>Finds out before anything is submitted whether jobs can ever start, and whether the run can go on by itself.</summary>
/// <param name="commands">The scheduler's programs.</param>
internal sealed class SubmissionChecks(SlurmCommands commands)
{
    /// <summary>
    /// Refuses what the partition can never give, all problems at once, then asks the cluster itself, which also knows accounts, QOS and
    /// constraints.
    /// </summary>
    /// <exception cref="BadInputException">A job could never start.</exception>
    /// <exception cref="SchedulerException">The cluster would not take such a job; its own words.</exception>
    public void Refuse(SlurmSettings settings, ClusterLimits limits, CancellationToken token)
    {
        var problems = settings.Job.Problems(limits.Partition).ToList();
        if (problems.Count > 0)
            throw new BadInputException($"Such jobs could never start:\n  {string.Join("\n  ", problems)}");
        using var trial = new MemoryFile("#!/bin/sh\nexit 0\n"u8);
        commands.Ask("sbatch", new SbatchArguments(settings).Test(trial.Path), token);
    }

    /// <summary>What the user must know when jobs may not be submitted from the nodes of the partition; null when they may.</summary>
    public string? NodesMayNotSubmit(ClusterLimits limits, string run, CancellationToken token)
    {
        if (limits.Partition.SubmitHosts is not { } allowed)
            return null;
        var hosts = Hosts(allowed, token).ToHashSet();
        var nodes = commands
            .Ask("sinfo", ["-h", "-N", "-p", limits.Partition.Name, "-o", "%N"], token)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Distinct()
            .ToList();
        var shut = nodes.Where(node => !hosts.Contains(node)).ToList();
        return shut.Count == 0
            ? null
            : $"Partition {limits.Partition.Name} takes jobs from {allowed} only, not from {shut.Count} of its {nodes.Count} nodes "
                + $"({shut[0]}, …). The run still merges and writes by itself when all jobs "
                + $"succeed; jobs that fail are not submitted again until you type, on {allowed}: {TypedCommand.Line("advance", run)}";
    }

    private string[] Hosts(string list, CancellationToken token) =>
        commands
            .Ask("scontrol", ["show", "hostnames", list], token)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
