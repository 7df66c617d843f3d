using System.Globalization;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// Forwards all messages, and appends warnings to a run's notes: problems of the run other than those of its jobs (a controller that did
/// not answer, a command that was killed).
/// </summary>
/// <param name="log">The log.</param>
/// <param name="run">The run.</param>
internal sealed class NotedWarnings(ILogger log, RunDirectory run) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || log.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        log.Log(logLevel, eventId, state, exception, formatter);
        if (logLevel < LogLevel.Warning)
            return;
        var text = formatter(state, exception).ReplaceLineEndings(" ");
        try
        {
            // One write of one line: commands on several nodes append to the same file.
            File.AppendAllText(
                run.NotesFile,
                string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} {Environment.MachineName}: {text}\n")
            );
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // The log has it as well.
        }
    }
}
