using System.Diagnostics;

namespace HpcFit.Coordinator.Launching;

/// <summary>The end of what a process writes to standard error, a line each.</summary>
internal sealed class LastWords
{
    private const int Lines = 8;
    private readonly Queue<string> _lines = new();

    /// <summary>Listens from now on. The process's standard error is redirected, and nobody else reads it.</summary>
    public LastWords(Process process)
    {
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lines) return string.Join('\n', _lines);
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Lines) _lines.Dequeue();
        }
    }
}
