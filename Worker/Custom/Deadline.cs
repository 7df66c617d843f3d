namespace HpcFit.Worker.Custom;

/// <summary>Runs an action on a timer's thread if an operation takes too long, and never after <see cref="Stop"/>.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Action _end;
    private readonly Timer _timer;
    private bool _running;

    /// <summary>A deadline that is not running.</summary>
    /// <param name="end">The action to run when the deadline passes.</param>
    public Deadline(Action end)
    {
        _end = end;
        _timer = new(_ => Pass());
    }

    /// <summary>Whether the deadline has ever passed.</summary>
    public bool Passed { get; private set; }

    /// <summary>Starts the deadline.</summary>
    public void Start(TimeSpan time)
    {
        lock (_lock)
            _running = true;
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancels the deadline: the operation has ended in time.</summary>
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
