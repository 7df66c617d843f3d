namespace HpcFit.Coordinator.Running;

/// <summary>Objects that are disposed together, the last one first: claims of several runs, and what is read under them.</summary>
internal sealed class DisposableStack : IDisposable
{
    private readonly Stack<IDisposable> _held = [];

    /// <summary>Adds an object.</summary>
    public T Push<T>(T held)
        where T : IDisposable
    {
        _held.Push(held);
        return held;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_held.TryPop(out var held))
            held.Dispose();
    }
}
