namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>
/// Performs numbered pieces of work on several threads, lowest numbers first. The first failure stops the rest and is rethrown
/// unchanged.
/// </summary>
internal static class ParallelWork
{
    /// <summary>Performs all pieces.</summary>
    /// <param name="count">The number of pieces.</param>
    /// <param name="threads">The maximum number of threads.</param>
    /// <param name="start">Creates a thread's private state from the thread's number, counted from 0.</param>
    /// <param name="piece">Performs one piece: the thread's state, the number.</param>
    /// <param name="token">Cancels the work between pieces.</param>
    public static void Run<TOwn>(int count, int threads, Func<int, TOwn> start, Action<TOwn, int> piece, CancellationToken token)
    {
        var next = -1;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var workers = Enumerable
            .Range(0, Math.Clamp(threads, 1, Math.Max(1, count)))
            .Select(thread =>
                Task.Factory.StartNew(
                    () =>
                    {
                        try
                        {
                            var own = start(thread);
                            while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) is var number && number < count)
                                piece(own, number);
                        }
                        catch
                        {
                            stop.Cancel();
                            throw;
                        }
                    },
                    token,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        // The awaiter throws the first worker's exception itself, not an aggregate.
        Task.WhenAll(workers).GetAwaiter().GetResult();
        token.ThrowIfCancellationRequested();
    }
}
