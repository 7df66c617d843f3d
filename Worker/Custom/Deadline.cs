namespace HpcFit.Worker.Custom;

/// <summary>Ends something that takes too long, from a timer's thread, and never after it was said to be done.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Action _end;
    private readonly Timer _timer;
    private bool _running;

    /// <summary>A deadline that is not running.</summary>
    /// <param name="end">What to do when it passes.</param>
    public Deadline(Action end)
    {
        _end = end;
        _timer = new(_ => Pass());
    }

    /// <summary>Whether it ever passed.</summary>
    public bool Passed { get; private set; }

    /// <summary>Starts it.</summary>
    public void Start(TimeSpan time)
    {
        lock (_lock)
            _running = true;
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It is done in time.</summary>
    public void Stop()
    {
        lock (_lock)
            _running = false;
        _timer.Change(Timeout.Infinite, Timeout.Infinite);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Pass()
    {
        lock (_lock)
        {
            if (!_running)
                return;
            Passed = true;
            _end();
        }
    }
}
