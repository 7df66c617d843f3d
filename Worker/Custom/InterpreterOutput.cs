using System.Diagnostics;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Custom;

/// <summary>What an interpreter prints: handed to the journal, the last lines kept for the message about its end.</summary>
internal sealed class InterpreterOutput
{
    private const int Kept = 5;
    private const int SignalBase = 128;
    private const int Sigkill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    /// <summary>Listens to a process from now on.</summary>
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
                if (_lines.Count > Kept)
                    _lines.Dequeue();
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until the process is gone and says how it ended: <c>ended with exit code 1. It said last: …</c></summary>
    public string Await()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            // Also waits for the end of its standard error, which something it started may hold open for ever.
            _process.WaitForExitAsync(patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            if (!_process.HasExited)
                return "does not end, although it was killed";
        }
        lock (_lines)
            return Cause(_process.ExitCode) + (_lines.Count > 0 ? $". It said last: {string.Join(" | ", _lines)}" : "");
    }

    private static string Cause(int status) =>
        status switch
        {
            SignalBase + Sigkill => "was killed (SIGKILL: by the function itself, by hand, or by the kernel for lack of memory)",
            > SignalBase => $"crashed (signal {status - SignalBase})",
            _ => $"ended with exit code {status}",
        };
}
