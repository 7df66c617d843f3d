using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Launching.Slurm;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>Observes a round, whoever launched it.</summary>
internal static partial class RoundLauncher
{
    /// <summary>Processes of one machine.</summary>
    public const string Local = "local";

    /// <summary>A Slurm cluster.</summary>
    public const string Cluster = "slurm";

    /// <summary>Workers started by hand, if at all.</summary>
    public const string Nobody = "nobody";

    /// <summary>Who launched a round.</summary>
    public static string LauncherOf(RunDirectory run, RoundId round) =>
        File.Exists(run.SchedulerFile(round)) ? Cluster
        : SubmittedRound.Read(run, round) is { } submitted ? submitted.Scheduler
        : File.Exists(run.LocalFile(round)) ? Local
        : Nobody;

    /// <summary>
    /// The state of a round's jobs. When the scheduler does not answer, that is logged, and the reports come from the run's own files.
    /// </summary>
    public static async Task<IReadOnlyList<JobReport>> ObserveAsync(RunDirectory run, Round round, ILogger log, CancellationToken token)
    {
        if (OfScheduler(run, LauncherOf(run, round.Id), log) is not { } scheduler)
            return LocalJobs.Observe(run, round);
        try
        {
            return await scheduler.ObserveAsync(round, token).ConfigureAwait(false);
        }
        catch (SchedulerException refusal)
        {
            NoAnswer(log, refusal.Message);
            return LocalJobs.ByHeartbeats(run, round);
        }
    }

    /// <summary>Whether a scheduler has a job of the run that continues it; null: it does not answer.</summary>
    public static bool? IsInQueue(RunDirectory run, ILogger log, CancellationToken token)
    {
        try
        {
            return SlurmLauncher.TryCreate(run, BackOff.None, log)?.IsInQueue(token)
                ?? SchedulerLauncher.TryCreate(run, BackOff.None, log)?.IsInQueue(token)
                ?? false;
        }
        catch (SchedulerException refusal)
        {
            NoAnswer(log, refusal.Message);
            return null;
        }
    }

    /// <summary>Whether a round is launched by a scheduler, not by a process or by hand.</summary>
    public static bool IsScheduler(string launcher) => launcher is not (Local or Nobody);

    private static ILauncher? OfScheduler(RunDirectory run, string launcher, ILogger log) =>
        launcher == Cluster ? SlurmLauncher.TryCreate(run, BackOff.None, log)
        : IsScheduler(launcher) ? SchedulerLauncher.TryCreate(run, BackOff.None, log)
        : null;

    [LoggerMessage(EventId = 30, Level = LogLevel.Warning, Message = "{Refusal} The status below is from the run's own files.")]
    private static partial void NoAnswer(ILogger log, string refusal);
}
