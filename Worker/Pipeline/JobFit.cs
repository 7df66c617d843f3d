using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// Fits a job's elements with several threads: each takes the next stripe that no thread has taken, reads it, fits it block by block, and
/// publishes the blocks. What is computed depends neither on the number of threads nor on their order.
/// </summary>
internal sealed class JobFit
{
    /// <summary>
    /// How long a stop waits for calls of a user's function. Slurm kills a job 30 s after asking it to stop; the rest of that time is
    /// needed for publishing, syncing and ending.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    private static readonly ElementStatus[] WithoutResult = [ElementStatus.NotInRun];
    private static readonly ElementStatus[] WithoutResultOrFailed =
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
    private readonly ConcurrentQueue<CorruptChunkException> _skipped = new();
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
    /// <param name="threads">The number of threads, 1 or more.</param>
    /// <param name="onError">What happens when a chunk is corrupt.</param>
    /// <param name="sink">Receives every finished block, from any thread.</param>
    /// <param name="stop">When cancelled, the current blocks are finished (with a user's function: the calls that return within
    /// <see cref="Grace"/>), and no other is begun.</param>
    /// <returns>What was skipped, and whether everything else is complete.</returns>
    /// <exception cref="CorruptChunkException">A chunk is corrupt and <paramref name="onError"/> is <see cref="OnError.Stop"/>; the
    /// current blocks were finished.</exception>
    /// <exception cref="UserCodeFailedException">User code failed and <paramref name="onError"/> is <see cref="OnError.Stop"/>; its
    /// earlier results were published.</exception>
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
        using var cancel = stop.UnsafeRegister(engine => (engine as IRunsUserCode)?.CancelAfter(Grace), model.Engine);
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
        return new(Interlocked.Read(ref _done) == _elements.Count, [.. _skipped]);
    }

    /// <summary>
    /// Publishes a block without the elements that have no result and, where the run stops at the first failure, without the failed ones,
    /// so that a resumed run fits them.
    /// </summary>
    private void Publish(BlockSink sink, ResultBlock block, StripeDigest read)
    {
        ReadOnlySpan<ElementStatus> excluded = _onError == OnError.Skip ? WithoutResult : WithoutResultOrFailed;
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
                // The disk reads what this thread will need next while this piece is inflated and fitted.
                if (next + _threads < _pieces.Count)
                    fitter.Prefetch(_pieces[next + _threads].Span);
                Fit(fitter, _pieces[next], _pieces[next].Span);
            }
        }
#pragma warning disable CA1031 // rethrown by the thread that waits
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

    /// <summary>Skips the elements of a damaged chunk. The stripe's other chunks may be undamaged: they are read separately.</summary>
    private void Skip(StripeFitter fitter, StripePiece piece, ElementRange span, CorruptChunkException damage)
    {
        _skipped.Enqueue(damage);
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

/// <summary>The outcome of fitting a job.</summary>
/// <param name="IsComplete">Whether every element has its results; false after a stop.</param>
/// <param name="Skipped">The damaged chunks whose elements were skipped.</param>
internal sealed record JobFitOutcome(bool IsComplete, IReadOnlyList<CorruptChunkException> Skipped);
