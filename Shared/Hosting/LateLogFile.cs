using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// A command's log file, one JSON object per line, appended. A run's folder is known only after the model has been checked: events logged
/// before <see cref="Open"/> are buffered (at most 1,000) and written first.
/// </summary>
public sealed class LateLogFile : ILogEventSink, IDisposable
{
    private const int MaxKept = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<LogEvent> _kept = [];
    private Logger? _file;

    /// <summary>Whether the file has been opened.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _file is not null;
        }
    }

    /// <summary>Opens <paramref name="path"/> for appending, in an existing folder.</summary>
    public void Open(string path)
    {
        lock (_lock)
        {
            if (_file is not null)
                throw new InvalidOperationException("The log file is already open.");
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
