using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// A worker process that is started before its work is known (<c>hpcfit-worker attend</c>): it answers the probe of a run, then fits jobs,
/// one after the other, until one fails. Nothing of the run depends on it: where it cannot be started, or is gone, the same commands get
/// processes of their own.
/// </summary>
internal sealed class AttendingWorker : IDisposable
{
    private readonly Task<Process?> _starting;
    private readonly OpenFileRecord _record;
    private StderrTail? _errors;
    private bool _isBusy;
    private bool _hasFitted;

    private AttendingWorker(OpenFileRecord record) => (_starting, _record) = (Task.Run(() => Start(record)), record);

    /// <summary>Begins to start it, on another thread.</summary>
    public static AttendingWorker Begin() => new(OpenFileRecord.Create());

    /// <summary>Lets it probe.</summary>
    /// <param name="arguments">The worker's command line.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>What it wrote to standard output; null when it is gone, or has probed already.</returns>
    /// <exception cref="HpcFitException">libhdf5 crashed in it, or did not return.</exception>
    public string? Probe(IReadOnlyList<string> arguments, CancellationToken token)
    {
        if (_errors is not null || _starting.GetAwaiter().GetResult() is not { } process)
            return null;
        using var stop = token.Register(process.Kill);
        _errors = new(process);
        if (!TrySend(process, arguments))
            return null;
        var answer = ReadAnswer(process.StandardOutput.BaseStream);
        token.ThrowIfCancellationRequested();
        return answer ?? (Refusal(process) is { } refusal ? throw refusal : null);
    }

    /// <summary>Lets it fit, if it has probed and has no job.</summary>
    /// <param name="arguments">The worker's command line.</param>
    /// <returns>Its process, which remains this object's; null when it is gone, or has a job.</returns>
    public WorkerProcess? TakeForFit(IReadOnlyList<string> arguments)
    {
        if (_isBusy || _errors is null || _starting.Result is not { } process || !TrySend(process, arguments))
            return null;
        (_isBusy, _hasFitted) = (true, true);
        return new(process, _errors, _record);
    }

    /// <summary>Waits for the end of its job, after which it can be taken again if the job was done.</summary>
    /// <param name="worker">What was taken.</param>
    /// <returns>The job's exit status.</returns>
    public async Task<int> WaitForEndAsync(WorkerProcess worker)
    {
        var answer = Task.Run(() => ReadAnswer(worker.Process.StandardOutput.BaseStream));
        var exit = worker.Process.WaitForExitAsync();
        await Task.WhenAny(answer, exit).ConfigureAwait(false);
        if (answer.IsCompletedSuccessfully && await answer.ConfigureAwait(false) is not null)
        {
            _isBusy = false;
            return 0;
        }
        await exit.ConfigureAwait(false);
        return worker.Process.ExitCode;
    }

    /// <summary>Lets it end, if it has fitted: no job follows.</summary>
    public void EndAfterJobs()
    {
        if (_hasFitted)
            _starting.Result!.StandardInput.Close();
    }

    /// <summary>Ends it, unless it has a job: it stops after the running block when this process has ended.</summary>
    public void Dispose()
    {
        var process = _starting.GetAwaiter().GetResult();
        if (_isBusy && process is { HasExited: false })
            return;
        EndAfterJobs();
        // A process that is killed leaves its runtime's files in the temporary folder.
        if (_hasFitted)
            process?.WaitForExit();
        else
            process?.Kill();
        process?.Dispose();
        _record.Dispose();
    }

    /// <summary>Why a worker ended without an answer; null when nothing explains it.</summary>
    private HpcFitException? Refusal(Process process)
    {
        process.WaitForExit();
        return ProbeRefusedException.From(process.ExitCode, _record.Read(), _errors!.ToString());
    }

    private static Process? Start(OpenFileRecord record)
    {
        try
        {
            return Process.Start(WorkerProgram.Start(record, "attend"));
        }
        catch (Exception refusal) when (refusal is Win32Exception or HpcFitException)
        {
            // The probe meets the same refusal, and reports it.
            return null;
        }
    }

    /// <summary>The text before the zero byte; null when the pipe ends without one.</summary>
    private static string? ReadAnswer(Stream output)
    {
        var answer = new MemoryStream();
        var piece = new byte[1 << 14];
        while (output.Read(piece) is > 0 and var count)
        {
            if (piece[count - 1] == 0)
                return Encoding.UTF8.GetString([.. answer.ToArray(), .. piece.AsSpan(0, count - 1)]);
            answer.Write(piece.AsSpan(0, count));
        }
        return null;
    }

    private static bool TrySend(Process process, IReadOnlyList<string> arguments)
    {
        try
        {
            ArgumentLists.Write(process.StandardInput.BaseStream, arguments);
            return true;
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // The pipe is broken, because it has ended, or was closed to end it.
            return false;
        }
    }
}
