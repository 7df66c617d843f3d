using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>Checks before submission whether the jobs can ever start, and whether the run can advance by itself.</summary>
/// <param name="commands">The scheduler's programs.</param>
internal sealed class SubmissionChecks(SlurmCommands commands)
{
    private const long BytesPerMegabyte = 1L << 20;

    /// <summary>
    /// Refuses requests beyond the partition's limits, all problems in one message, then has the cluster check a job, which includes
    /// accounts, QOS and constraints.
    /// </summary>
    /// <exception cref="BadInputException">A job could never start.</exception>
    /// <exception cref="SchedulerException">The cluster refuses such a job; the message is its own.</exception>
    public void Refuse(SlurmSettings settings, ClusterLimits limits, CancellationToken token)
    {
        var problems = Problems(settings.Job, limits.Partition).ToList();
        if (problems.Count > 0)
            throw new BadInputException($"Such jobs could never start:\n  {string.Join("\n  ", problems)}");
        using var trial = new MemoryFile("#!/bin/sh\nexit 0\n"u8);
        commands.Run("sbatch", new SbatchArguments(settings).Test(trial.Path), token);
    }

    /// <summary>A warning when jobs may not be submitted from nodes of the partition; null when they may.</summary>
    public string? NodesMayNotSubmit(ClusterLimits limits, string run, CancellationToken token)
    {
        if (limits.Partition.SubmitHosts is not { } allowed)
            return null;
        var hosts = Hosts(allowed, token).ToHashSet();
        var nodes = commands
            .Run("sinfo", ["-h", "-N", "-p", limits.Partition.Name, "-o", "%N"], token)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Distinct()
            .ToList();
        var excluded = nodes.Where(node => !hosts.Contains(node)).ToList();
        return excluded.Count == 0
            ? null
            : $"Partition {limits.Partition.Name} accepts jobs from {allowed} only, not from {excluded.Count} of its {nodes.Count} nodes "
                + $"({excluded[0]}, …). The run still merges and writes by itself when all jobs "
                + $"succeed; jobs that fail are not submitted again until you type, on {allowed}: {TypedCommand.Line("advance", run)}";
    }

    /// <summary>Requests that the partition can never satisfy, one sentence each.</summary>
    private static IEnumerable<string> Problems(JobResources job, PartitionLimits limits)
    {
        if (limits.Closed is { } state)
            yield return $"Partition {limits.Name} is {state}: nothing starts there. Choose another --partition.";
        if (job.Time > limits.MaxTime)
            yield return $"--time {SlurmTime.Format(job.Time.Value)} is more than partition {limits.Name} allows "
                + $"({SlurmTime.Format(limits.MaxTime.Value)}): give less, cut smaller jobs (--target-time), or choose another "
                + "--partition.";
        if (job.MemoryBytes > limits.MaxMemoryBytes)
            yield return $"A job needs {job.MemoryBytes / BytesPerMegabyte:N0} MB and a node of partition {limits.Name} has at most "
                + $"{limits.MaxMemoryBytes / BytesPerMegabyte:N0} MB: give fewer --cpus-per-task, or choose another --partition.";
        if (job.Threads > limits.MaxProcessors)
            yield return $"--cpus-per-task {job.Threads} is more than the largest node of partition {limits.Name} has "
                + $"({limits.MaxProcessors}).";
    }

    private string[] Hosts(string list, CancellationToken token) =>
        commands
            .Run("scontrol", ["show", "hostnames", list], token)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
