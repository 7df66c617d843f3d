using System.Diagnostics;
using HpcFit.Coordinator.Monitoring.Progress;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// Runs a round's jobs as processes of this machine: so many at a time, the next when one ends. Jobs that were given a certain memory wait
/// until the machine has it left.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="partition">Workers at a time, and threads of each.</param>
/// <param name="limits">How far failures are followed.</param>
/// <param name="log">Where ends are logged.</param>
/// <param name="workers">The worker processes.</param>
/// <param name="isLast">Whether no stage with jobs of its own follows.</param>
/// <param name="metadataTimeout">The limit of a worker's call into the HDF5 library while metadata is read; null: its default.</param>
/// <param name="atOnce">Kills the workers.</param>
internal sealed partial class LocalLauncher(
    RunDirectory run,
    Partition partition,
    AdvanceLimits limits,
    ILogger log,
    WorkerPool workers,
    bool isLast,
    TimeSpan? metadataTimeout,
    CancellationToken atOnce
) : ILauncher
{
    private static readonly TimeSpan RecordEvery = TimeSpan.FromSeconds(1);
    private RoundId? _last;

    /// <inheritdoc/>
    public AdvanceLimits Limits => limits;

    /// <summary>Memory of this machine, or of the container this process is in, in bytes.</summary>
    public static long MachineMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <inheritdoc/>
    public IJobLiveness? Liveness => null;

    /// <inheritdoc/>
    public bool IsUnattended => false;

    /// <inheritdoc/>
    public Job WithResources(Job job) => job;

    /// <inheritdoc/>
    /// <remarks>Those of other processes have ended with them.</remarks>
    public bool HasLaunched(RoundId round) => _last == round;

    /// <inheritdoc/>
    public void EnsureWatch(CancellationToken token) { }

    /// <inheritdoc/>
    public void CancelCompanions(CancellationToken token) { }

    /// <inheritdoc/>
    public void WriteReport(RunHistory history, CancellationToken token) { }

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadReport() => [];

    /// <inheritdoc/>
    public async Task<LaunchResult> LaunchAsync(Round round, long covered, CancellationToken token)
    {
        _last = round.Id;
        await using (RoundProgress.Show(run, round.Id, covered, log).ConfigureAwait(false))
            await RunJobsAsync(round, token).ConfigureAwait(false);
        if (isLast)
            workers.EndWaiting();
        return LaunchResult.Ended;
    }

    private async Task RunJobsAsync(Round round, CancellationToken token)
    {
        var (waiting, running, ended) = (new Queue<Job>(round.Jobs), new Dictionary<Task<JobEnd>, Job>(), new List<JobReport>());
        var self = ClaimHolder.Self("local workers");
        Record(round, self, ended);
        var recorded = Stopwatch.GetTimestamp();
        while (true)
        {
            while (!token.IsCancellationRequested && waiting.TryPeek(out var next) && HasRoom(next, running.Values))
            {
                var job = waiting.Dequeue();
                running.Add(
                    workers.FitAsync(run, round.Id, job, job.Resources?.Threads ?? partition.Threads, metadataTimeout, token, atOnce),
                    job
                );
            }
            if (running.Count == 0)
                break;
            var first = await Task.WhenAny(running.Keys).ConfigureAwait(false);
            running.Remove(first);
            ended.Add(Report(round.Id, await first.ConfigureAwait(false)));
            if (Stopwatch.GetElapsedTime(recorded) < RecordEvery)
                continue;
            Record(round, self, ended);
            recorded = Stopwatch.GetTimestamp();
        }
        Record(round, self, ended);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobReport>> ObserveAsync(Round round, CancellationToken token) =>
        Task.FromResult(LocalJobs.Observe(run, round));

    private bool HasRoom(Job next, Dictionary<Task<JobEnd>, Job>.ValueCollection running) =>
        running.Count == 0
        || (running.Count < partition.Workers && running.Append(next).Sum(job => job.Resources?.MemoryBytes ?? 0) <= MachineMemory);

    private JobReport Report(RoundId round, JobEnd end)
    {
        if (end.Ending == JobOutcomeKind.Finished)
        {
            JobFinished(log, round, end.Job.Id);
            return new(end.Job.Id, end.Ending);
        }
        JobFailed(log, round, end);
        return new(end.Job.Id, end.Ending)
        {
            PeakBytes = RoundHeartbeats.Read(run, round).Find(end.Job.Id)?.Report.PeakResidentBytes,
            Detail = end.Detail,
        };
    }

    private void Record(Round round, ClaimHolder self, List<JobReport> ended) =>
        JsonFile.Replace(run.LocalFile(round.Id), new(self, ended), LaunchingJson.Default.LocalRecord);

    [LoggerMessage(EventId = 20, Level = LogLevel.Debug, Message = "Round {Round}, job {Job} finished")]
    private static partial void JobFinished(ILogger log, RoundId round, JobId job);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "Round {Round}, {End}")]
    private static partial void JobFailed(ILogger log, RoundId round, JobEnd end);
}
