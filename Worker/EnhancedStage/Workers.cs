using System.Runtime.ExceptionServices;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>Threads that share numbered work: each takes the next number that nobody took.</summary>
/// <typeparam name="TSpace">The workspace of a thread, created when it is first needed.</typeparam>
/// <param name="threads">The number of threads.</param>
/// <param name="create">Creates a workspace.</param>
internal sealed class Workers<TSpace>(int threads, Func<TSpace> create) : IDisposable
    where TSpace : class, IDisposable
{
    private readonly TSpace?[] _spaces = new TSpace?[threads];

    /// <summary>Does all of the work, or ends after the first failure.</summary>
    /// <param name="count">The work has the numbers 0 to <paramref name="count"/> - 1.</param>
    /// <param name="work">Does one piece.</param>
    /// <param name="stop">No piece is begun after it was requested.</param>
    /// <exception cref="OperationCanceledException">A stop was requested.</exception>
    public void Run(int count, Action<TSpace, int> work, CancellationToken stop)
    {
        var next = -1;
        try
        {
            Parallel.For(
                0,
                Math.Min(threads, count),
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                (thread, loop) =>
                {
                    var space = _spaces[thread] ??= create();
                    while (!loop.IsStopped && !loop.IsExceptional && Interlocked.Increment(ref next) is var number && number < count)
                    {
                        stop.ThrowIfCancellationRequested();
                        work(space, number);
                    }
                }
            );
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(
                failures.InnerExceptions.FirstOrDefault(one => one is not OperationCanceledException) ?? failures.InnerExceptions[0]
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var space in _spaces)
            space?.Dispose();
    }
}
