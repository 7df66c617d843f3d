using System.Diagnostics;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// Runs a round's jobs as processes on this machine: so many at a time, the next job when one ends. A worker's standard input is its life
/// line: when it closes, because this process asked for a stop or died, the worker finishes the block at hand and ends.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="workers">Processes at a time.</param>
/// <param name="threads">Threads of each.</param>
internal sealed class LocalWorkers(RunDirectory run, int workers, int threads)
{
    private const int LastWordsLines = 8;

    /// <summary>Runs all jobs of a round, or as many as were begun when <paramref name="token"/> stops it.</summary>
    /// <param name="round">The round.</param>
    /// <param name="ended">Told about each job as it ends, from several threads in turn.</param>
    /// <param name="token">Starts no further job and lets running ones finish their block.</param>
    public async Task RunAsync(Round round, Action<JobEnd> ended, CancellationToken token)
    {
        var waiting = new Queue<Job>(round.Jobs);
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(workers, round.Jobs.Count)).Select(_ => Task.Run(Work, CancellationToken.None))).ConfigureAwait(false);

        async Task Work()
        {
            while (TakeJob() is { } job)
            {
                var end = await RunJobAsync(round, job, token).ConfigureAwait(false);
                lock (gate) ended(end);
            }
        }

        Job? TakeJob()
        {
            lock (gate) return !token.IsCancellationRequested && waiting.TryDequeue(out var job) ? job : null;
        }
    }

    private async Task<JobEnd> RunJobAsync(Round round, Job job, CancellationToken token)
    {
        using var process = Process.Start(WorkerProgram.Start(
            "fit", "--run", run.Root, "--round", $"{round.Id.Value}", "--job", $"{job.Id.Value}", "--threads", $"{threads}", "--stop-with-parent"))!;
        using var stop = token.Register(process.StandardInput.Close);
        var lastWords = new Queue<string>();
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        lock (lastWords) return new(job, process.ExitCode, string.Join('\n', lastWords));

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
