using System.Diagnostics;
using System.Text;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>A program that was started by a test. Disposing kills it and what it started, by pid.</summary>
internal sealed class Running : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly string _command;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private Running(Process process, string command)
    {
        (_process, _command, Id) = (process, command, process.Id);
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id { get; }

    /// <summary>Its output on standard error so far.</summary>
    public string ErrorsSoFar
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    public static Running Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        return new(process, $"{program} {string.Join(' ', start.ArgumentList)}");
    }

    public void Signal(int signal) => NativeSignal.Send(Id, signal);

    public Finished Wait()
    {
        if (!_process.WaitForExit(Deadline))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_command} ran longer than {Deadline}.\n{_output}\n{_errors}");
        }
        _process.WaitForExit();
        lock (_output)
            lock (_errors)
                return new(_command, _process.ExitCode, _output.ToString(), _errors.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.AppendLine(line);
    }
}
