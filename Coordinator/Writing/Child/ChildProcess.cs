using System.Diagnostics;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// A process of <see cref="WriteChild"/> that waits for its task. The thread that started it must outlive it: the process is killed when
/// that thread ends.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly OpenFileRecord _record = OpenFileRecord.Create();
    private readonly Process _process;
    private readonly Task<string> _errors;
    private bool _isDisposed;

    private ChildProcess()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "hpcfit");
        if (!File.Exists(program))
            throw new BadInputException($"The program '{program}', which writes the file, is missing. Publish it again.");
        var start = new ProcessStartInfo(program, [WriteChild.Verb, $"{Environment.ProcessId}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _record.PassTo(start);
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its standard input, after the task.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Its exit status, 128 + n if signal n ended it. Valid only after it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Its output on standard error. Valid only after it has ended.</summary>
    public string Errors => _errors.GetAwaiter().GetResult();

    /// <summary>The HDF5 file that it had open when it ended; null: none.</summary>
    public string? OpenFile => _record.Read();

    /// <summary>Starts a process.</summary>
    /// <exception cref="BadInputException">The program is missing.</exception>
    public static ChildProcess Start() => new();

    /// <summary>Sends the task; returns false if the process has ended.</summary>
    private bool TryAssign(params string[] task)
    {
        try
        {
            ArgumentLists.Write(Input, task);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends the task; if the process has ended, to a new one that replaces it.</summary>
    /// <returns>
    /// The process that has the task. If it ends too, this is noticed, and its error output read, when more is sent or its answer is
    /// awaited.
    /// </returns>
    public ChildProcess Assign(params string[] task)
    {
        if (TryAssign(task))
            return this;
        Dispose();
        var other = Start();
        _ = other.TryAssign(task);
        return other;
    }

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
    }

    /// <summary>Waits until it ends.</summary>
    public void WaitForExit() => _process.WaitForExit();

    /// <summary>Waits until it ends; returns false on timeout.</summary>
    public bool WaitForExit(TimeSpan patience) => _process.WaitForExit(patience);

    /// <summary>Kills and reaps it if it is still running.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Kill();
        _process.WaitForExit();
        _process.Dispose();
        _record.Dispose();
    }
}
