using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// One job as a process of this machine. Its standard input is its life line: when it closes, because a stop was asked for or this process
/// died, the worker finishes the block at hand and ends.
/// </summary>
internal static class WorkerProcess
{
    /// <summary>A shell's status for a program that it cannot start.</summary>
    private const int CannotStart = 126;

    /// <summary>Runs a job to its end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="round">The job's round.</param>
    /// <param name="job">The job.</param>
    /// <param name="threads">Threads that fit.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take while metadata is read; null: the worker's
    /// default.</param>
    /// <param name="ready">A worker that waits for a job; null: none.</param>
    /// <param name="stop">Lets it finish its block.</param>
    /// <param name="atOnce">Kills it.</param>
    public static async Task<JobEnd> RunAsync(
        RunDirectory run,
        RoundId round,
        Job job,
        int threads,
        TimeSpan? metadataTimeout,
        AttendingWorker? ready,
        CancellationToken stop,
        CancellationToken atOnce
    )
    {
        var before = MemoryKills.OnMachine();
        List<string> arguments =
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
        ];
        if (metadataTimeout is { } limit)
            arguments.AddRange(["--metadata-timeout", limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)]);
        (Process Process, StderrTail Words, OpenFileRecord Record) worker;
        try
        {
            worker = ready?.TakeForFit(arguments) ?? Start(arguments);
        }
        catch (Win32Exception refusal)
        {
            return new(job, CannotStart, refusal.Message, KilledForMemory: false);
        }
        using var process = worker.Process;
        using var record = worker.Record;
        using var closes = stop.Register(process.StandardInput.Close);
        using var kills = atOnce.Register(process.Kill);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        var end = new JobEnd(job, process.ExitCode, worker.Words.ToString(), MemoryKills.OnMachine() > before);
        return end.Ending == JobOutcomeKind.Crashed && ChildCrash.Explain(end.Status, record.Read()) is { } crash
            ? end with
            {
                Status = (int)crash.ExitCode,
                LastWords = crash.Message,
            }
            : end;
    }

    private static (Process Process, StderrTail Words, OpenFileRecord Record) Start(IEnumerable<string> arguments)
    {
        var record = OpenFileRecord.Create();
        var process = Process.Start(WorkerProgram.Start(record, arguments))!;
        process.BeginOutputReadLine();
        return (process, new(process), record);
    }
}
