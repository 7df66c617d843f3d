using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// A command's log file, one JSON object a line, appended. A run's folder is known only after the model was checked: what is said before
/// <see cref="Open"/> is kept and written first.
/// </summary>
public sealed class LateLogFile : ILogEventSink, IDisposable
{
    private const int MaxKept = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<LogEvent> _kept = [];
    private Logger? _file;

    /// <summary>Whether there is a file.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _file is not null;
        }
    }

    /// <summary>Begins, or goes on, writing to <paramref name="path"/>, whose folder is there.</summary>
    public void Open(string path)
    {
        lock (_lock)
        {
            if (_file is not null)
                throw new InvalidOperationException("The log file is open already.");
            _file = new LoggerConfiguration()
                .MinimumLevel.Verbose()
                .WriteTo.File(new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture), path)
                .CreateLogger();
            while (_kept.TryDequeue(out var earlier))
                _file.Write(earlier);
        }
    }

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            if (_file is not null)
                _file.Write(logEvent);
            else if (_kept.Count < MaxKept)
                _kept.Enqueue(logEvent);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
