using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// Fits a job's elements with several threads: each takes the next stripe that no thread has taken, reads it, fits it block by block with
/// every model of the pass, and publishes the blocks. When no stripe is left, threads without work share those of the others. What is
/// computed depends neither on the number of threads nor on their order.
/// </summary>
internal sealed class JobFit
{
    /// <summary>
    /// How long a stop waits for calls of a user's function. Slurm kills a job 30 s after asking it to stop; the rest of that time is
    /// needed for publishing, syncing and ending.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    /// <summary>Work below which another thread costs more than it saves.</summary>
    private const double SecondsPerThread = 0.02;

    private static readonly ElementStatus[] WithoutResult = [ElementStatus.NotInRun];
    private static readonly ElementStatus[] WithoutResultOrFailed =
    [
        ElementStatus.UserCodeFailed,
        ElementStatus.UserCodeTimedOut,
        ElementStatus.NotInRun,
    ];

    private readonly ModelPass _pass;
    private readonly IReadOnlyList<StripePiece> _pieces;
    private readonly BlockSink[] _sinks;
    private readonly OnError _onError;
    private readonly ElementSet _elements;
    private readonly double _secondsPerElement;
    private readonly CancellationTokenSource _halt;
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ConcurrentQueue<CorruptChunkException> _skipped = new();
    private readonly int _threads;
    private readonly PiecesInWork _inWork;
    private int _taken = -1;
    private long _done;

    private JobFit(
        ModelPass pass,
        ElementSet elements,
        int threads,
        OnError onError,
        IReadOnlyList<BlockSink> sinks,
        double secondsPerElement,
        CancellationToken stop
    )
    {
        (_pass, _onError, _elements, _secondsPerElement) = (pass, onError, elements, secondsPerElement);
        _sinks = [.. sinks.Select(sink => (BlockSink)((block, read) => Publish(sink, block, read)))];
        foreach (var user in pass.UserCode)
            user.Journal.StopsAtFirst = onError == OnError.Stop;
        _pieces = StripePiece.Cut(elements, pass.Stripes);
        var useful = Math.Max(_pieces.Count, Math.Min(elements.Count, elements.Count * secondsPerElement / SecondsPerThread));
        _threads = (int)Math.Clamp(useful, 1, threads);
        _inWork = new(_threads, secondsPerElement);
        _halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>Fits <paramref name="elements"/> with one model.</summary>
    /// <inheritdoc cref="Run(ModelPass, ElementSet, int, OnError, IReadOnlyList{BlockSink}, double, CancellationToken)"/>
    public static JobFitOutcome Run(
        RunModel model,
        ElementSet elements,
        int threads,
        OnError onError,
        BlockSink sink,
        CancellationToken stop
    ) => Run(new ModelPass([model]), elements, threads, onError, [sink], 0, stop);

    /// <summary>Fits <paramref name="elements"/> with every model of a pass.</summary>
    /// <param name="pass">The models.</param>
    /// <param name="elements">The job's elements.</param>
    /// <param name="threads">The number of threads, 1 or more; fewer are started where they would have nothing to do.</param>
    /// <param name="onError">What happens when a chunk is corrupt.</param>
    /// <param name="sinks">For each model the receiver of its finished blocks, from any thread.</param>
    /// <param name="secondsPerElement">The time of one element as the probe measured it; 0: unknown.</param>
    /// <param name="stop">When cancelled, what the current blocks have so far is published (with a user's function: the calls that return
    /// within <see cref="Grace"/>), and no other is begun.</param>
    /// <returns>What was skipped, and whether everything else is complete.</returns>
    /// <exception cref="CorruptChunkException">A chunk is corrupt and <paramref name="onError"/> is <see cref="OnError.Stop"/>; the
    /// current blocks were published.</exception>
    /// <exception cref="UserCodeFailedException">User code failed and <paramref name="onError"/> is <see cref="OnError.Stop"/>; its
    /// earlier results were published.</exception>
    public static JobFitOutcome Run(
        ModelPass pass,
        ElementSet elements,
        int threads,
        OnError onError,
        IReadOnlyList<BlockSink> sinks,
        double secondsPerElement,
        CancellationToken stop
    )
    {
        var job = new JobFit(pass, elements, threads, onError, sinks, secondsPerElement, stop);
        using var cancel = stop.UnsafeRegister(
            models =>
            {
                foreach (var user in ((ModelPass)models!).UserCode)
                    user.CancelAfter(Grace);
            },
            pass
        );
        using (job._halt)
            return job.Run();
    }

    private JobFitOutcome Run()
    {
        using var wake = _halt.Token.UnsafeRegister(waiting => ((PiecesInWork)waiting!).Halt(), _inWork);
        var others = new Thread[_threads - 1];
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
        foreach (var user in _pass.UserCode)
        {
            if (user.Journal is { StopsAtFirst: true, Failures: > 0 } journal)
                throw new UserCodeFailedException(journal.First, journal.Failures);
        }
        return new(Interlocked.Read(ref _done) == _elements.Count * _pass.Models.Count, [.. _skipped]);
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
            using var fitter = new StripeFitter(_pass, _secondsPerElement);
            FitPieces(fitter);
            while (!_halt.IsCancellationRequested && _inWork.Wait() is { } piece)
            {
                fitter.Share(piece.Reader);
                FitShare(fitter, piece);
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

    private void FitPieces(StripeFitter fitter)
    {
        try
        {
            while (!_halt.IsCancellationRequested && Interlocked.Increment(ref _taken) is var next && next < _pieces.Count)
            {
                // The disk reads what this thread will need next while this piece is inflated and fitted.
                if (next + _threads < _pieces.Count)
                    fitter.Prefetch(_pieces[next + _threads].Span);
                Fit(fitter, _pieces[next]);
            }
        }
        finally
        {
            _inWork.NoMore();
        }
    }

    /// <summary>Reads a piece and fits it, with the help of threads that have nothing left to read.</summary>
    private void Fit(StripeFitter fitter, StripePiece piece)
    {
        try
        {
            fitter.Read(piece.Span);
        }
        catch (CorruptChunkException damage) when (_onError == OnError.Skip)
        {
            Skip(fitter, piece, piece.Span, damage);
            return;
        }
        FitShare(fitter, _inWork.Begin(fitter, piece));
    }

    /// <summary>Fits the elements of a piece that no other thread takes.</summary>
    private void FitShare(StripeFitter fitter, PieceInWork piece)
    {
        while (piece.TryTake(fitter.BlockElements, _inWork.AllAreBegun ? _threads : 1, out var elements))
        {
            if (!fitter.Fit(elements, _sinks, _halt.Token))
                return;
        }
    }

    /// <summary>Fits the elements of a damaged piece that lie in <paramref name="span"/>, on this thread alone.</summary>
    private void FitUndamaged(StripeFitter fitter, StripePiece piece, ElementRange span)
    {
        if (!piece.Touches(span))
            return;
        try
        {
            fitter.Read(span);
        }
        catch (CorruptChunkException damage)
        {
            Skip(fitter, piece, span, damage);
            return;
        }
        foreach (var range in piece.Ranges.Span)
        {
            var part = range.Intersect(span);
            if (part.Count > 0 && !fitter.Fit(part, _sinks, _halt.Token))
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
                fitter.Skip(part, ElementStatus.CorruptChunk, _sinks);
        }
        FitUndamaged(fitter, piece, span with { End = lost.First });
        FitUndamaged(fitter, piece, span with { First = lost.End });
    }
}

/// <summary>The outcome of fitting a job.</summary>
/// <param name="IsComplete">Whether every element has its results; false after a stop.</param>
/// <param name="Skipped">The damaged chunks whose elements were skipped.</param>
internal sealed record JobFitOutcome(bool IsComplete, IReadOnlyList<CorruptChunkException> Skipped)
{
    /// <summary>This outcome and that of another pass over the same elements.</summary>
    public JobFitOutcome And(JobFitOutcome other) => new(IsComplete && other.IsComplete, [.. Skipped, .. other.Skipped]);
}
