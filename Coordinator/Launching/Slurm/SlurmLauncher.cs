using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Status;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching.Slurm;

/// <summary>
/// Runs the jobs of rounds as array tasks of a Slurm cluster. Launching submits a round and returns. When its tasks have ended, a job
/// that depends on them advances the run.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the cluster.</param>
/// <param name="commands">The scheduler's programs.</param>
/// <param name="ownJob">The Slurm job that this process runs in; null: none.</param>
/// <param name="log">The log.</param>
internal sealed partial class SlurmLauncher(RunDirectory run, SlurmSettings settings, SlurmCommands commands, string? ownJob, ILogger log)
    : ILauncher
{
    private readonly RoundSubmitter _submitter = new(run, settings, commands, log);

    /// <inheritdoc/>
    /// <remarks>Queries the cluster each time: limits may have changed since the run was submitted.</remarks>
    public AdvanceLimits Limits
    {
        get
        {
            var partition = new ClusterReader(commands).Read(settings.Partition, CancellationToken.None).Partition;
            return new()
            {
                Retries = settings.Retries,
                MaxRounds = settings.MaxRounds,
                MaxMemoryBytes = partition.MaxMemoryBytes ?? long.MaxValue,
                MaxTime = partition.MaxTime,
            };
        }
    }

    /// <summary>The launcher of a run that was submitted before.</summary>
    /// <param name="run">The run.</param>
    /// <param name="patience">When an unanswered command is retried.</param>
    /// <param name="log">The log.</param>
    /// <returns>Null when the run was never submitted to a cluster.</returns>
    public static SlurmLauncher? TryCreate(RunDirectory run, BackOff patience, ILogger log) =>
        SlurmSettings.Read(run) is { } settings
            ? new(run, settings, new(new CommandProcesses(SlurmEnvironment.Cleared), patience, log), ownJob: null, log)
            : null;

    /// <inheritdoc/>
    /// <remarks>A later call also submits jobs that exceeded the cluster's limits before.</remarks>
    public Task<LaunchResult> LaunchAsync(Round round, long covered, CancellationToken token)
    {
        _submitter.EnsureSubmitted(round, token);
        return Task.FromResult(LaunchResult.Queued);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobReport>> ObserveAsync(Round round, CancellationToken token) =>
        Task.FromResult(new RoundObserver(run, settings, commands).Observe(round, token));

    /// <summary>Problems of the jobs that advance and watch the run, one sentence each.</summary>
    private List<string> CompanionEvents(CancellationToken token)
    {
        var ids = _submitter.Companions().ConvertAll(job => job.Id);
        if (ids.Count == 0)
            return [];
        var tasks = commands.Accounting(ids, token) ?? commands.Queue(ids, token);
        // Jobs that were cancelled before they started were no longer needed.
        return
        [
            .. tasks
                .Where(task => JobEvents.IsReportable(task.State) && !(task.State == SlurmJobState.Cancelled && task.Node.Length == 0))
                .Select(task => $"advance job {task.Name}: {JobEvents.DescribeStart(task)}"),
        ];
    }

    /// <inheritdoc cref="RoundSubmitter.IsInQueue"/>
    public bool IsInQueue(CancellationToken token) => _submitter.IsInQueue(token);

    /// <inheritdoc/>
    public IJobLiveness Liveness => new JobLiveness(commands, ownJob);

    /// <inheritdoc/>
    public bool IsUnattended => ownJob is not null;

    /// <inheritdoc/>
    public Job WithResources(Job job) => job with { Resources = settings.RequestOf(job) };

    /// <inheritdoc/>
    public bool HasLaunched(RoundId round) => File.Exists(run.SchedulerFile(round));

    /// <inheritdoc/>
    public void EnsureWatch(CancellationToken token)
    {
        try
        {
            _submitter.EnsureWatch(token);
        }
        catch (SchedulerException refusal)
        {
            NoWatch(log, refusal.Message);
        }
    }

    /// <inheritdoc/>
    public void WriteReport(RunHistory history, CancellationToken token) => RunReport.Write(run, history, CompanionEvents(token));

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadReport() => File.Exists(run.ReportFile) ? File.ReadAllLines(run.ReportFile) : [];

    /// <inheritdoc/>
    public void CancelCompanions(CancellationToken token) => _submitter.CancelCompanions(token);

    /// <summary>Cancels all jobs of the run in the queue.</summary>
    /// <returns>The arrays that were cancelled.</returns>
    public IReadOnlyList<int> CancelAll(CancellationToken token) => _submitter.CancelAll(token);

    [LoggerMessage(EventId = 43, Level = LogLevel.Warning, Message = "No job could be submitted that watches the run: {Refusal}")]
    private static partial void NoWatch(ILogger log, string refusal);
}
