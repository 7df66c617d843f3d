namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>
/// Does numbered pieces of work on a few threads, lowest numbers first, each in the thread that is free. The first failure stops the rest
/// and is thrown as it is.
/// </summary>
internal static class ParallelWork
{
    /// <summary>Does all pieces.</summary>
    /// <param name="count">How many pieces.</param>
    /// <param name="threads">The most threads at a time.</param>
    /// <param name="start">Gives what one thread needs for itself; told the thread's number, from 0 on.</param>
    /// <param name="piece">Does one piece: the thread's own things, the number.</param>
    /// <param name="token">Stops between pieces.</param>
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
