using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// Runs the jobs of rounds as jobs of a batch scheduler whose commands are in a description. Launching submits a round and returns. When
/// its jobs have ended, one that depends on them advances the run.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the scheduler.</param>
/// <param name="commands">The scheduler's commands.</param>
/// <param name="ownJob">The job that this process runs in; null: none.</param>
/// <param name="log">The log.</param>
internal sealed partial class SchedulerLauncher(
    RunDirectory run,
    SchedulerSettings settings,
    SchedulerCommands commands,
    string? ownJob,
    ILogger log
) : ILauncher
{
    private const long BytesPerMegabyte = 1L << 20;

    private readonly RoundJobs _jobs = new(run, settings, commands, log);

    /// <inheritdoc/>
    public AdvanceLimits Limits =>
        new()
        {
            Retries = settings.Retries,
            MaxRounds = settings.MaxRounds,
            MaxMemoryBytes = settings.Scheduler.Limits.Megabytes is { } megabytes ? megabytes * BytesPerMegabyte : long.MaxValue,
            MaxTime = settings.Scheduler.Limits.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        };

    /// <summary>The launcher of a run that was submitted before.</summary>
    /// <param name="run">The run.</param>
    /// <param name="patience">When an unanswered command is retried.</param>
    /// <param name="log">The log.</param>
    /// <returns>Null when the run was never submitted to a described scheduler.</returns>
    public static SchedulerLauncher? TryCreate(RunDirectory run, BackOff patience, ILogger log) =>
        SchedulerSettings.Read(run) is { } settings ? Create(run, settings, patience, ownJob: null, log) : null;

    /// <summary>The launcher of a run.</summary>
    public static SchedulerLauncher Create(RunDirectory run, SchedulerSettings settings, BackOff patience, string? ownJob, ILogger log) =>
        new(run, settings, new(settings.Scheduler, new CommandProcesses(SchedulerCommands.EnvironmentOf), patience, log), ownJob, log);

    /// <inheritdoc/>
    public IJobLiveness? Liveness => null;

    /// <inheritdoc/>
    public bool IsUnattended => ownJob is not null;

    /// <inheritdoc/>
    public Job WithResources(Job job) => job with { Resources = settings.RequestOf(job) };

    /// <inheritdoc/>
    public bool HasLaunched(RoundId round) => File.Exists(run.SubmissionFile(round));

    /// <inheritdoc/>
    public Task<LaunchResult> LaunchAsync(Round round, long covered, CancellationToken token)
    {
        _jobs.EnsureSubmitted(round, token);
        return Task.FromResult(LaunchResult.Queued);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobReport>> ObserveAsync(Round round, CancellationToken token) =>
        Task.FromResult(new RoundObserver(run, settings, commands).Observe(round, token));

    /// <summary>Whether a job of the run is queued or running, and thus continues it.</summary>
    public bool IsInQueue(CancellationToken token)
    {
        var names = _jobs.All().Select(job => job.Name).ToHashSet(StringComparer.Ordinal);
        return commands.Queue(token).Any(task => names.Contains(task.Name));
    }

    /// <inheritdoc/>
    public void EnsureWatch(CancellationToken token)
    {
        try
        {
            _jobs.EnsureWatch(token);
        }
        catch (SchedulerException refusal)
        {
            NoWatch(log, refusal.Message);
        }
    }

    /// <inheritdoc/>
    public void CancelCompanions(CancellationToken token) => _jobs.CancelCompanions(token);

    /// <summary>Cancels all jobs of the run in the queue.</summary>
    /// <returns>The jobs and arrays that were cancelled.</returns>
    public IReadOnlyList<SubmittedJob> CancelAll(CancellationToken token) => _jobs.CancelAll(token);

    /// <inheritdoc/>
    public void WriteReport(RunHistory history, CancellationToken token) => RunReport.Write(run, history, []);

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadReport() => File.Exists(run.ReportFile) ? File.ReadAllLines(run.ReportFile) : [];

    [LoggerMessage(EventId = 63, Level = LogLevel.Warning, Message = "No job could be submitted that watches the run: {Refusal}")]
    private static partial void NoWatch(ILogger log, string refusal);
}
