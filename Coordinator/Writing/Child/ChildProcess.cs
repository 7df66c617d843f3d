using System.Diagnostics;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// A process of <see cref="WriteChild"/>, which waits for its task. The thread that started it must live as long as this: the process dies
/// with it.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly OpenFileRecord _record = OpenFileRecord.Create();
    private readonly Process _process;
    private readonly Task<string> _words;
    private bool _isDisposed;

    private ChildProcess()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "hpcfit");
        if (!File.Exists(program))
            throw new BadInputException($"The program '{program}', which does the writing, is not there. Publish it again.");
        var start = new ProcessStartInfo(program, [WriteChild.Verb, $"{Environment.ProcessId}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _record.PassTo(start);
        _process = Process.Start(start)!;
        _words = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its standard input, behind its task.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit status, 128 + n when signal n ended it. Only when it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to standard error. Only when it has ended.</summary>
    public string Words => _words.GetAwaiter().GetResult();

    /// <summary>The HDF5 file that it had open when it ended; null: none.</summary>
    public string? OpenFile => _record.Read();

    /// <summary>Starts one.</summary>
    /// <exception cref="BadInputException">The program is not there.</exception>
    public static ChildProcess Start() => new();

    /// <summary>One that waits already, or else a new one.</summary>
    /// <param name="ready">Those that wait; null: none.</param>
    public static ChildProcess Take(ReadyChild? ready) => ready?.Take() ?? Start();

    /// <summary>Gives it its task; false when it is gone.</summary>
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

    /// <summary>Gives it its task, or another process that is started in its place when it is gone.</summary>
    /// <returns>
    /// The process that has the task. One that is gone even so is noticed, and its words are read, when more is sent or its answer is
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

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
    }

    /// <summary>Waits for its end.</summary>
    public void WaitForExit() => _process.WaitForExit();

    /// <summary>Waits for its end; false when it takes longer.</summary>
    public bool WaitForExit(TimeSpan patience) => _process.WaitForExit(patience);

    /// <summary>Kills and reaps it, if it still runs.</summary>
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
