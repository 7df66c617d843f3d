using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// The worker processes of one command on this machine: they probe a model, and fit jobs. Whether a process was started for the work or in
/// advance makes no difference to its results.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>A shell's status for a program that it cannot start.</summary>
    private const int CannotStart = 126;

    private readonly AttendingWorker? _attending;

    private WorkerPool(AttendingWorker? attending) => _attending = attending;

    /// <summary>A pool that starts a process for each piece of work.</summary>
    public WorkerPool()
        : this(null) { }

    /// <summary>A pool that starts its first process now: it answers the first probe, and fits jobs.</summary>
    public static WorkerPool StartAhead() => new(AttendingWorker.Begin());

    /// <summary>Tests whether models can be fitted in one pass, and what that will cost, before there is a run.</summary>
    /// <param name="specs">What is to be computed.</param>
    /// <param name="metadataTimeout">The limit of a call into the HDF5 library.</param>
    /// <param name="token">Ends the worker.</param>
    /// <exception cref="ProbeRefusedException">The model cannot be fitted: the worker's own message and exit code.</exception>
    public ProbeAnswer Probe(IEnumerable<RunSpec> specs, TimeSpan metadataTimeout, CancellationToken token)
    {
        using var file = new MemoryFile(JsonSerializer.SerializeToUtf8Bytes([.. specs], RunJson.Default.RunSpecArray));
        string[] arguments = ["probe", "--specs", file.Path, .. Timeout(metadataTimeout)];
        var answer =
            WorkerAnswer.Parse(_attending?.Probe(arguments, token) ?? "", RunJson.Default.ProbeAnswer)
            ?? WorkerAnswer.From(arguments, RunJson.Default.ProbeAnswer, token);
        return answer.Error is null ? answer : throw new ProbeRefusedException(answer.Error, answer.ExitCode);
    }

    /// <summary>Fits a job, and returns when it has ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="round">The job's round.</param>
    /// <param name="job">The job.</param>
    /// <param name="threads">Threads that fit.</param>
    /// <param name="metadataTimeout">The limit of a call into the HDF5 library while metadata is read; null: the worker's default.</param>
    /// <param name="stop">Lets it finish its block.</param>
    /// <param name="atOnce">Kills it.</param>
    public async Task<JobEnd> FitAsync(
        RunDirectory run,
        RoundId round,
        Job job,
        int threads,
        TimeSpan? metadataTimeout,
        CancellationToken stop,
        CancellationToken atOnce
    )
    {
        var before = MemoryKills.OnMachine();
        string[] arguments =
        [
            "fit",
            "--run",
            run.Root,
            "--round",
            $"{round.Value}",
            "--job",
            $"{job.Id.Value}",
            "--threads",
            $"{threads}",
            "--heartbeat",
            "1",
            "--stop-with-parent",
            .. Timeout(metadataTimeout),
        ];
        if (_attending?.TakeForFit(arguments) is { } attending)
            return await WaitAsync(attending, _attending.WaitForEndAsync(attending)).ConfigureAwait(false);
        WorkerProcess worker;
        try
        {
            worker = WorkerProcess.Start(arguments);
        }
        catch (Win32Exception refusal)
        {
            return new(job, run.UnitName, CannotStart, refusal.Message, KilledForMemory: false);
        }
        using (worker)
            return await WaitAsync(worker, worker.WaitForEndAsync()).ConfigureAwait(false);

        async Task<JobEnd> WaitAsync(WorkerProcess process, Task<int> status)
        {
            using var closes = stop.Register(process.Process.StandardInput.Close);
            using var kills = atOnce.Register(process.Process.Kill);
            var end = new JobEnd(
                job,
                run.UnitName,
                await status.ConfigureAwait(false),
                process.Errors.ToString(),
                MemoryKills.OnMachine() > before
            );
            return end.Ending == JobOutcomeKind.Crashed && ChildCrash.Explain(end.Status, process.OpenFile.Read()) is { } crash
                ? end with
                {
                    Status = (int)crash.ExitCode,
                    OutputTail = crash.Message,
                }
                : end;
        }
    }

    /// <summary>Lets a process end that waits for a job: none follows soon, and its memory is of use to others.</summary>
    public void EndWaiting() => _attending?.EndAfterJobs();

    /// <summary>Ends the process that was started ahead.</summary>
    public void Dispose() => _attending?.Dispose();

    private static string[] Timeout(TimeSpan? limit) =>
        limit is { } time ? ["--metadata-timeout", time.TotalSeconds.ToString(CultureInfo.InvariantCulture)] : [];
}
