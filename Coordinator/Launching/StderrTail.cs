using System.Diagnostics;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Launching;

/// <summary>The end of what a process writes to standard error, a line each, but for what it waits for, which is shown at once.</summary>
internal sealed class StderrTail
{
    private const int Lines = 8;
    private readonly Queue<string> _lines = new();

    /// <summary>Listens from now on. The process's standard error is redirected, and nobody else reads it.</summary>
    public StderrTail(Process process)
    {
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginErrorReadLine();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }

    /// <summary>All that a process writes to standard error, but for what it waits for, which is shown at once.</summary>
    public static async Task<string> AllAsync(StreamReader errors)
    {
        var lines = new List<string>();
        while (await errors.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (!IsShown(line))
                lines.Add(line);
        }
        return string.Join('\n', lines);
    }

    private static bool IsShown(string line)
    {
        if (!line.StartsWith(WaitNotice.Beginning, StringComparison.Ordinal))
            return false;
        Console.Error.WriteLine(line);
        return true;
    }

    private void Add(string? line)
    {
        if (line is null || IsShown(line))
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Lines)
                _lines.Dequeue();
        }
    }
}
