using System.Globalization;

namespace HpcFit.Coordinator.Monitoring.Progress;

/// <summary>Rate and remaining time, from the numbers of elements done within the last half minute.</summary>
/// <param name="total">Elements of the run.</param>
internal sealed class ProgressEstimate(long total)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private readonly Queue<(TimeSpan At, long Done)> _seen = [];
    private (TimeSpan At, long Done) _last;

    /// <summary>Elements done.</summary>
    public long Done => _last.Done;

    /// <summary>The fraction done, from 0 to 1.</summary>
    public double Part => total == 0 ? 1 : Math.Clamp((double)_last.Done / total, 0, 1);

    /// <summary>Elements per second within the last half minute; 0 before there are two observations.</summary>
    public double ElementsPerSecond =>
        _seen.TryPeek(out var first) && _last.At > first.At ? (_last.Done - first.Done) / (_last.At - first.At).TotalSeconds : 0;

    /// <summary>Estimated time until the last element; null: the rate is unknown.</summary>
    public TimeSpan? Left =>
        ElementsPerSecond is var rate and > 0 ? TimeSpan.FromSeconds(Math.Min((total - _last.Done) / rate, 1e9)) : null;

    /// <summary>A rate as text; with an additional digit for slow functions.</summary>
    public static string Rate(double elementsPerSecond) =>
        elementsPerSecond.ToString(elementsPerSecond is > 0 and < 9.95 ? "G2" : "N0", CultureInfo.InvariantCulture) + " a second";

    /// <summary>Adds an observation. The count never decreases, although a retried job starts again from what its partials hold.</summary>
    public void Add(TimeSpan at, long done)
    {
        _last = (at, Math.Max(done, _last.Done));
        _seen.Enqueue(_last);
        while (_seen.Count > 2 && at - _seen.Peek().At > Window)
            _seen.Dequeue();
    }
}
