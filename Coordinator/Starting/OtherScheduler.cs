using System.CommandLine;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Starting;

/// <summary>The decision between Slurm and a described scheduler.</summary>
internal static class OtherScheduler
{
    /// <summary>The described scheduler that a run is to use; null: Slurm.</summary>
    /// <param name="run">The run; null: a new one.</param>
    /// <param name="options">The options that name a scheduler.</param>
    /// <param name="line">The command line.</param>
    /// <param name="isSlurm">Whether Slurm was named in another way.</param>
    /// <exception cref="BadInputException">The run was submitted to another scheduler, which may have jobs of it.</exception>
    public static SchedulerDescription? Find(RunDirectory? run, SchedulerOptions options, ParseResult line, bool isSlurm = false)
    {
        var recorded = run is null ? null : SchedulerSettings.Read(run);
        var wanted = isSlurm ? null : options.Read(line, recorded);
        var (before, now) = (
            recorded?.Scheduler.Name ?? (run is not null && File.Exists(run.ClusterFile) ? "slurm" : null),
            wanted?.Name ?? "slurm"
        );
        if (before is not null && before != now)
            throw new BadInputException(
                $"'{run!.Root}' was submitted to the scheduler '{before}', which may have jobs of it. Continue it there, or start it again "
                    + $"for '{now}' in another --run-dir."
            );
        if (wanted is null)
            options.RefuseForSlurm(line);
        return wanted;
    }
}
