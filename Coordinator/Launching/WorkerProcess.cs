using System.ComponentModel;
using System.Diagnostics;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// One job as a process of this machine. Its standard input is its life line: when it closes, because a stop was asked for or this process
/// died, the worker finishes the block at hand and ends.
/// </summary>
internal static class WorkerProcess
{
    private const int LastWordsLines = 8;

    /// <summary>A shell's status for a program that it cannot start.</summary>
    private const int CannotStart = 126;

    /// <summary>Runs a job to its end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="round">The job's round.</param>
    /// <param name="job">The job.</param>
    /// <param name="threads">Threads that fit.</param>
    /// <param name="stop">Lets it finish its block.</param>
    /// <param name="atOnce">Kills it.</param>
    public static async Task<JobEnd> RunAsync(RunDirectory run, RoundId round, Job job, int threads, CancellationToken stop, CancellationToken atOnce)
    {
        var before = MemoryKills.OnMachine();
        Process process;
        try
        {
            process = Process.Start(WorkerProgram.Start(
                "fit", "--run", run.Root, "--round", $"{round.Value}", "--job", $"{job.Id.Value}", "--threads", $"{threads}", "--heartbeat", "1", "--stop-with-parent"))!;
        }
        catch (Win32Exception refusal)
        {
            return new(job, CannotStart, refusal.Message, KilledForMemory: false);
        }
        using var ends = process;
        using var closes = stop.Register(process.StandardInput.Close);
        using var kills = atOnce.Register(process.Kill);
        var lastWords = new Queue<string>();
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        lock (lastWords) return new(job, process.ExitCode, string.Join('\n', lastWords), MemoryKills.OnMachine() > before);

        void Keep(string? line)
        {
            if (line is null) return;
            lock (lastWords)
            {
                lastWords.Enqueue(line);
                if (lastWords.Count > LastWordsLines) lastWords.Dequeue();
            }
        }
    }
}
