using System.Globalization;

namespace HpcFit.Coordinator.Monitoring.Progress;

/// <summary>
/// Rate and remaining time, from the numbers of elements done within the last half minute, or since the last two additions where these are
/// less frequent: shuffles are published some hundred at a time.
/// </summary>
/// <param name="total">Elements of the run.</param>
internal sealed class ProgressEstimate(long total)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>The first observation and those with more elements than before.</summary>
    private readonly Queue<(TimeSpan At, long Done)> _additions = [];
    private (TimeSpan At, long Done) _last;
    private TimeSpan _now;

    /// <summary>Elements done.</summary>
    public long Done => _last.Done;

    /// <summary>The fraction done, from 0 to 1.</summary>
    public double Part => total == 0 ? 1 : Math.Clamp((double)_last.Done / total, 0, 1);

    /// <summary>Elements per second; 0 before any were added.</summary>
    public double ElementsPerSecond =>
        _additions.TryPeek(out var first) && _last.At > first.At ? (_last.Done - first.Done) / (End(first.At) - first.At).TotalSeconds : 0;

    /// <summary>Estimated time until the last element; null: the rate is unknown.</summary>
    public TimeSpan? Left =>
        ElementsPerSecond is var rate and > 0 ? TimeSpan.FromSeconds(Math.Min((total - _last.Done) / rate, 1e9)) : null;

    /// <summary>A rate as text; with an additional digit for slow functions.</summary>
    public static string Rate(double elementsPerSecond) =>
        elementsPerSecond.ToString(elementsPerSecond is > 0 and < 9.95 ? "G2" : "N0", CultureInfo.InvariantCulture) + " a second";

    /// <summary>Adds an observation. The count never decreases, although a retried job starts again from what its partials hold.</summary>
    public void Add(TimeSpan at, long done)
    {
        _now = at;
        if (_additions.Count > 0 && done <= _last.Done)
            return;
        _last = (at, done);
        _additions.Enqueue(_last);
        while (_additions.Count > 2 && at - _additions.Peek().At > Window)
            _additions.Dequeue();
    }

    /// <summary>
    /// Until the next addition is overdue, the time after the last one says nothing about the rate; from then on it lowers it.
    /// </summary>
    private TimeSpan End(TimeSpan first) => _now - _last.At > 2 * (_last.At - first) / (_additions.Count - 1) ? _now : _last.At;
}
