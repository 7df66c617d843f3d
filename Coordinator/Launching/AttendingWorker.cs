using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// A worker process that is started before it is known what it will do (<c>hpcfit-worker attend</c>): it answers a run's probe, and then fits the
/// first job. It is a head start and nothing more: where it cannot be started, or is gone, the same commands get processes of their own.
/// </summary>
internal sealed class AttendingWorker : IDisposable
{
    private readonly Task<Process?> _starting;
    private LastWords? _lastWords;
    private bool _isTaken;

    private AttendingWorker(Task<Process?> starting) => _starting = starting;

    /// <summary>Begins to start it, on another thread.</summary>
    public static AttendingWorker Begin() => new(Task.Run(Start));

    /// <summary>Lets it probe.</summary>
    /// <param name="arguments">The worker's command line.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>What it wrote to standard output; null when it is gone.</returns>
    public string? Probe(IReadOnlyList<string> arguments, CancellationToken token)
    {
        if (_starting.GetAwaiter().GetResult() is not { } process) return null;
        using var stop = token.Register(process.Kill);
        _lastWords = new(process);
        if (!TrySend(process, arguments)) return null;
        // What reading the answer and writing the run need is made ready while the worker looks at the data.
        RunJson.Default.ProbeAnswer.MakeReadOnly();
        RunJson.Default.RunDocument.MakeReadOnly();
        RunJson.Default.Round.MakeReadOnly();
        _ = Hdf5Library.Version;
        var answer = ReadAnswer(process.StandardOutput.BaseStream);
        token.ThrowIfCancellationRequested();
        return answer;
    }

    /// <summary>Lets it fit, after it has probed; from now on it is the caller's.</summary>
    /// <param name="arguments">The worker's command line.</param>
    /// <returns>Its process and what it says; null when it is gone, or has a job already.</returns>
    public (Process Process, LastWords LastWords)? TakeForFit(IReadOnlyList<string> arguments)
    {
        if (_isTaken || _lastWords is null || _starting.Result is not { } process || !TrySend(process, arguments)) return null;
        _isTaken = true;
        // It has nothing more to say there; but a pipe that nobody reads could stop it.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return (process, _lastWords);
    }

    /// <summary>Ends it, unless it was taken.</summary>
    public void Dispose()
    {
        if (_isTaken || _starting.GetAwaiter().GetResult() is not { } process) return;
        process.Kill();
        process.Dispose();
    }

    private static Process? Start()
    {
        try
        {
            return Process.Start(WorkerProgram.Start("attend"));
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
            if (piece[count - 1] == 0) return Encoding.UTF8.GetString([.. answer.ToArray(), .. piece.AsSpan(0, count - 1)]);
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
