using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Imaging;

/// <summary>
/// Logs every few seconds how much of some counted work is done, and the remaining time at the current rate. Thread-safe.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="what">The counted work, such as <c>images read</c>.</param>
/// <param name="total">The total number.</param>
internal sealed class ProgressLog(ILogger log, string what, long total)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _telling = new();
    private TimeSpan _told;
    private long _done;

    /// <summary>Counts one more.</summary>
    public void Step() => Step(1);

    /// <summary>Counts some more.</summary>
    public void Step(long count)
    {
        var done = Interlocked.Add(ref _done, count);
        if (done >= total || _clock.Elapsed - _told < Interval)
            return;
        lock (_telling)
        {
            var elapsed = _clock.Elapsed;
            if (elapsed - _told < Interval)
                return;
            _told = elapsed;
            log.Progress(done, total, what, Text(elapsed * ((double)(total - done) / done)));
        }
    }

    /// <summary>Logs that all work is done.</summary>
    public void Finish() => log.Finished(Interlocked.Read(ref _done), what, Text(_clock.Elapsed));

    private static string Text(TimeSpan time) =>
        time switch
        {
            { TotalSeconds: < 10 } => $"{time.TotalSeconds:N1} s",
            { TotalMinutes: < 2 } => $"{time.TotalSeconds:N0} s",
            { TotalHours: < 2 } => $"{time.TotalMinutes:N0} min",
            _ => $"{time.TotalHours:N1} h",
        };
}
