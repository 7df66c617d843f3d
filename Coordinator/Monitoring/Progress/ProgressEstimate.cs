using System.Globalization;

namespace HpcFit.Coordinator.Monitoring.Progress;

/// <summary>Rate and time left, from how many elements were done at which times of late.</summary>
/// <param name="total">Elements of the run.</param>
internal sealed class ProgressEstimate(long total)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private readonly Queue<(TimeSpan At, long Done)> _seen = [];
    private (TimeSpan At, long Done) _last;

    /// <summary>Elements done.</summary>
    public long Done => _last.Done;

    /// <summary>The part that is done, from 0 to 1.</summary>
    public double Part => total == 0 ? 1 : Math.Clamp((double)_last.Done / total, 0, 1);

    /// <summary>Elements a second within the last half minute; 0 before there are two looks.</summary>
    public double ElementsPerSecond =>
        _seen.TryPeek(out var first) && _last.At > first.At ? (_last.Done - first.Done) / (_last.At - first.At).TotalSeconds : 0;

    /// <summary>Time until the last element at this rate; null: no rate.</summary>
    public TimeSpan? Left =>
        ElementsPerSecond is var rate and > 0 ? TimeSpan.FromSeconds(Math.Min((total - _last.Done) / rate, 1e9)) : null;

    /// <summary>A rate as people say it; a slow function's with a digit more.</summary>
    public static string Rate(double elementsPerSecond) =>
        elementsPerSecond.ToString(elementsPerSecond is > 0 and < 9.95 ? "G2" : "N0", CultureInfo.InvariantCulture) + " a second";

    /// <summary>Takes a look. Done elements never grow fewer: a retried job counts for what its block files hold.</summary>
    public void Add(TimeSpan at, long done)
    {
        _last = (at, Math.Max(done, _last.Done));
        _seen.Enqueue(_last);
        while (_seen.Count > 2 && at - _seen.Peek().At > Window)
            _seen.Dequeue();
    }
}
