using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// Fits a job's elements with several threads: each takes the next stripe that nobody took, reads it, fits it block by block and publishes
/// the blocks. What is computed depends neither on the number of threads nor on their order.
/// </summary>
internal sealed class JobFit
{
    /// <summary>
    /// How long a stop waits for a function that is at work. Slurm kills 30 s after it asked; what is left of them goes into publishing,
    /// syncing and ending.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    private static readonly ElementStatus[] Unanswered = [ElementStatus.NotInRun];
    private static readonly ElementStatus[] UnansweredOrFailed =
    [
        ElementStatus.UserCodeFailed,
        ElementStatus.UserCodeTimedOut,
        ElementStatus.NotInRun,
    ];

    private readonly RunModel _model;
    private readonly IReadOnlyList<StripePiece> _pieces;
    private readonly BlockSink _sink;
    private readonly OnError _onError;
    private readonly ElementSet _elements;
    private readonly CancellationTokenSource _halt;
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ConcurrentQueue<CorruptChunkException> _leftOut = new();
    private int _threads;
    private int _taken = -1;
    private long _done;

    private JobFit(RunModel model, ElementSet elements, OnError onError, BlockSink sink, CancellationToken stop)
    {
        (_model, _onError, _elements) = (model, onError, elements);
        _sink = (block, read) => Publish(sink, block, read);
        if (model.Engine is IRunsUserCode user)
            user.Journal.StopsAtFirst = onError == OnError.Stop;
        _pieces = StripePiece.Cut(elements, model.Stripes);
        _halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>Fits <paramref name="elements"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="elements">The job's elements.</param>
    /// <param name="threads">How many threads, 1 or more.</param>
    /// <param name="onError">What happens when a chunk is corrupt.</param>
    /// <param name="sink">Takes every finished block, from any thread.</param>
    /// <param name="stop">When cancelled, the blocks at hand are finished (of a user's function: what it answers within
    /// <see cref="Grace"/>), and no other is begun.</param>
    /// <returns>What was left out, and whether all the rest was done.</returns>
    /// <exception cref="CorruptChunkException">A chunk is corrupt and <paramref name="onError"/> is <see cref="OnError.Stop"/>; blocks at
    /// hand were finished.</exception>
    /// <exception cref="UserCodeFailedException">User code failed and <paramref name="onError"/> is <see cref="OnError.Stop"/>; what it had
    /// answered before was published.</exception>
    public static JobFitOutcome Run(
        RunModel model,
        ElementSet elements,
        int threads,
        OnError onError,
        BlockSink sink,
        CancellationToken stop
    )
    {
        var job = new JobFit(model, elements, onError, sink, stop);
        using var giveUp = stop.UnsafeRegister(engine => (engine as IRunsUserCode)?.GiveUpAfter(Grace), model.Engine);
        using (job._halt)
            return job.Run(Math.Clamp(threads, 1, Math.Max(1, job._pieces.Count)));
    }

    private JobFitOutcome Run(int threads)
    {
        _threads = threads;
        var others = new Thread[threads - 1];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = new(Work) { Name = $"fit {i + 1}", IsBackground = true };
            others[i].Start();
        }
        Work();
        foreach (var thread in others)
            thread.Join();
        if (_failures.TryDequeue(out var first))
            ExceptionDispatchInfo.Throw(first);
        if (_model.Engine is IRunsUserCode { Journal: { StopsAtFirst: true, Failures: > 0 } journal })
            throw new UserCodeFailedException(journal.First, journal.Failures);
        return new(Interlocked.Read(ref _done) == _elements.Count, [.. _leftOut]);
    }

    /// <summary>
    /// Publishes a block without the elements that have no result and, where the run stops at the first failure, without the failed ones,
    /// so that a resumed run fits them.
    /// </summary>
    private void Publish(BlockSink sink, ResultBlock block, StripeDigest read)
    {
        ReadOnlySpan<ElementStatus> excluded = _onError == OnError.Skip ? Unanswered : UnansweredOrFailed;
        if (block.Status.IndexOfAny(excluded) < 0)
        {
            sink(block, read);
            Interlocked.Add(ref _done, block.Count);
            return;
        }
        _halt.Cancel();
        foreach (var part in block.Without(excluded))
        {
            sink(part, read);
            Interlocked.Add(ref _done, part.Count);
        }
    }

    private void Work()
    {
        try
        {
            using var fitter = new StripeFitter(_model);
            while (!_halt.IsCancellationRequested && Interlocked.Increment(ref _taken) is var next && next < _pieces.Count)
            {
                // The disk brings what is read next while this is inflated and fitted.
                if (next + _threads < _pieces.Count)
                    fitter.Prefetch(_pieces[next + _threads].Span);
                Fit(fitter, _pieces[next], _pieces[next].Span);
            }
        }
#pragma warning disable CA1031 // handed to the thread that waits, which throws it
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failures.Enqueue(failure);
            _halt.Cancel();
        }
    }

    /// <summary>Fits the elements of <paramref name="piece"/> that lie in <paramref name="span"/>.</summary>
    private void Fit(StripeFitter fitter, StripePiece piece, ElementRange span)
    {
        if (!piece.Touches(span))
            return;
        try
        {
            fitter.Read(span);
        }
        catch (CorruptChunkException damage) when (_onError == OnError.Skip)
        {
            Skip(fitter, piece, span, damage);
            return;
        }
        foreach (var range in piece.Ranges.Span)
        {
            var part = range.Intersect(span);
            if (part.Count > 0 && !fitter.Fit(part, _sink, _halt.Token))
                return;
        }
    }

    /// <summary>Leaves out what a damaged chunk holds. The stripe may hold sound chunks beside it: they are read on their own.</summary>
    private void Skip(StripeFitter fitter, StripePiece piece, ElementRange span, CorruptChunkException damage)
    {
        _leftOut.Enqueue(damage);
        var lost = damage.Elements.Intersect(span);
        foreach (var range in piece.Ranges.Span)
        {
            var part = range.Intersect(lost);
            if (part.Count > 0)
                fitter.Skip(part, ElementStatus.CorruptChunk, _sink);
        }
        Fit(fitter, piece, span with { End = lost.First });
        Fit(fitter, piece, span with { First = lost.End });
    }
}
