using System.Diagnostics;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Custom;

/// <summary>The output of an interpreter: passed to the journal, with the last lines kept for the message about its end.</summary>
internal sealed class InterpreterOutput
{
    private const int MaxKept = 5;
    private const int SignalBase = 128;
    private const int Sigkill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    /// <summary>Starts reading the standard error of a process.</summary>
    public InterpreterOutput(Process process, UserCodeJournal journal)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            journal.Printed(line.Data);
            lock (_lines)
            {
                _lines.Enqueue(line.Data);
                if (_lines.Count > MaxKept)
                    _lines.Dequeue();
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until the process has ended and describes how: <c>ended with exit code 1. Its last output: …</c></summary>
    public string Await()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            // Also waits for the end of its standard error, which a child process may hold open for ever.
            _process.WaitForExitAsync(patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            if (!_process.HasExited)
                return "did not end after it was killed";
        }
        lock (_lines)
            return Cause(_process.ExitCode) + (_lines.Count > 0 ? $". Its last output: {string.Join(" | ", _lines)}" : "");
    }

    private static string Cause(int status) =>
        status switch
        {
            SignalBase + Sigkill => "was killed (SIGKILL: by the function itself, by hand, or by the kernel for lack of memory)",
            > SignalBase => $"crashed (signal {status - SignalBase})",
            _ => $"ended with exit code {status}",
        };
}
