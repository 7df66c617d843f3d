using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// A worker process that is started before it is known what it will do (<c>hpcfit-worker attend</c>): it answers a run's probe, and then
/// fits the first job. It is a head start and nothing more: where it cannot be started, or is gone, the same commands get processes of
/// their own.
/// </summary>
internal sealed class AttendingWorker : IDisposable
{
    private readonly Task<Process?> _starting;
    private readonly OpenFileRecord _record;
    private readonly Action _whileItProbes;
    private readonly Action _whileItFits;
    private Task _meanwhile = Task.CompletedTask;
    private StderrTail? _lastWords;
    private bool _isTaken;

    private AttendingWorker(OpenFileRecord record, Action whileItProbes, Action whileItFits) =>
        (_starting, _record, _whileItProbes, _whileItFits) = (Task.Run(() => Start(record)), record, whileItProbes, whileItFits);

    /// <summary>Begins to start it, on another thread.</summary>
    /// <param name="whileItProbes">Done by the thread that waits for the probe's answer.</param>
    /// <param name="whileItFits">Done by another thread when it has begun its job; <see cref="Dispose"/> waits for it.</param>
    public static AttendingWorker Begin(Action whileItProbes, Action whileItFits) =>
        new(OpenFileRecord.Create(), whileItProbes, whileItFits);

    /// <summary>Lets it probe.</summary>
    /// <param name="arguments">The worker's command line.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>What it wrote to standard output; null when it is gone.</returns>
    /// <exception cref="HpcFitException">libhdf5 crashed in it, or did not return.</exception>
    public string? Probe(IReadOnlyList<string> arguments, CancellationToken token)
    {
        if (_starting.GetAwaiter().GetResult() is not { } process)
            return null;
        using var stop = token.Register(process.Kill);
        _lastWords = new(process);
        if (!TrySend(process, arguments))
            return null;
        _whileItProbes();
        var answer = ReadAnswer(process.StandardOutput.BaseStream);
        token.ThrowIfCancellationRequested();
        return answer ?? (Refusal(process) is { } refusal ? throw refusal : null);
    }

    /// <summary>Lets it fit, after it has probed; from now on it is the caller's.</summary>
    /// <param name="arguments">The worker's command line.</param>
    /// <returns>Its process and what it says; null when it is gone, or has a job already.</returns>
    public (Process Process, StderrTail LastWords, OpenFileRecord Record)? TakeForFit(IReadOnlyList<string> arguments)
    {
        if (_isTaken || _lastWords is null || _starting.Result is not { } process || !TrySend(process, arguments))
            return null;
        _isTaken = true;
        _meanwhile = Task.Run(_whileItFits);
        // It has nothing more to say there; but a pipe that nobody reads could stop it.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return (process, _lastWords, _record);
    }

    /// <summary>Ends it, unless it was taken.</summary>
    public void Dispose()
    {
        // Only until it is over: how it ended is nobody's concern, for nothing of the run depends on it.
        _ = Task.WaitAny(_meanwhile);
        if (_isTaken)
            return;
        var process = _starting.GetAwaiter().GetResult();
        process?.Kill();
        process?.Dispose();
        _record.Dispose();
    }

    /// <summary>Why a worker ended without an answer; null when its end does not tell.</summary>
    private HpcFitException? Refusal(Process process)
    {
        process.WaitForExit();
        return ProbeRefusedException.From(process.ExitCode, _record.Read(), _lastWords!.ToString());
    }

    private static Process? Start(OpenFileRecord record)
    {
        try
        {
            return Process.Start(WorkerProgram.Start(record, "attend"));
        }
        catch (Exception refusal) when (refusal is Win32Exception or HpcFitException)
        {
            // The probe meets the same refusal, and tells it.
            return null;
        }
    }

    /// <summary>What stands in front of the zero byte; null when the pipe ends before it.</summary>
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
        catch (IOException)
        {
            // The pipe is broken: it has ended.
            return false;
        }
    }
}
