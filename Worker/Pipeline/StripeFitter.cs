using System.Diagnostics;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>Takes a finished block.</summary>
/// <param name="elements">Its elements.</param>
/// <param name="read">What its values came from. Valid until the call returns.</param>
/// <param name="columns">Column-major: column c of element e at <c>c * count + e</c>. Valid until the call returns.</param>
/// <param name="status">One code an element.</param>
internal delegate void BlockSink(
    ElementRange elements,
    StripeDigest read,
    ReadOnlySpan<double> columns,
    ReadOnlySpan<ElementStatus> status
);

/// <summary>
/// One thread's part of the pipeline: a reader for every scalar, a fitter, and room for one block of results. Buffers grow to the largest
/// piece seen; after that nothing is allocated an element.
/// </summary>
internal sealed class StripeFitter : IDisposable
{
    private const int MaxResultBytes = 64 << 20;

    private readonly IReadOnlyList<ScalarInput> _scalars;
    private readonly StripeReader[] _readers;
    private readonly IBlockFitter _fitter;
    private readonly AdaptiveBlockSize _pacing;
    private readonly int _mostElements;
    private readonly int _piece;
    private readonly ScalarValues[] _block;
    private readonly byte[] _digests;
    private readonly int _columnCount;
    private double[] _columns = [];
    private ElementStatus[] _status = [];
    private double[] _pieceColumns = [];
    private ElementStatus[] _pieceStatus = [];
    private ElementRange _span;

    /// <summary>Makes the workspace of one thread.</summary>
    public StripeFitter(RunModel model)
    {
        _scalars = model.Scalars;
        _columnCount = model.Engine.Layout.PartialWidth;
        _mostElements = MaxElementsPerBlock(_columnCount);
        _readers = [.. _scalars.Select(scalar => scalar.Source.CreateReader())];
        _fitter = model.Engine.CreateFitter();
        // What one call of user code takes is anybody's guess: a minute, perhaps.
        _pacing = new(model.Engine is IRunsUserCode ? 1 : AdaptiveBlockSize.Smallest);
        _piece = _readers.Min(reader => reader.ElementsPerPiece);
        _block = new ScalarValues[_scalars.Count];
        _digests = new byte[_scalars.Count * StripeDigest.BytesPerScalar];
    }

    /// <summary>
    /// How many elements' results are held at once, however quickly elements are fitted: a column a subject makes them long.
    /// </summary>
    public static int MaxElementsPerBlock(int columns) => Math.Max(1, MaxResultBytes / (sizeof(double) * Math.Max(1, columns)));

    /// <summary>Reads and inflates elements of one stripe, for <see cref="Fit"/>.</summary>
    /// <exception cref="CorruptChunkException">They cannot be read.</exception>
    public void Read(ElementRange span)
    {
        _span = span;
        for (var i = 0; i < _readers.Length; i++)
        {
            _readers[i].Load(span);
            _readers[i].Digest.CopyTo(_digests.AsSpan(i * StripeDigest.BytesPerScalar));
        }
    }

    /// <summary>Tells that elements are going to be read soon, by any thread.</summary>
    public void Prefetch(ElementRange span)
    {
        foreach (var reader in _readers)
            reader.Prefetch(span);
    }

    /// <summary>
    /// Values of the scalar at <paramref name="index"/>, all that was read last. Valid until the next call of anything here.
    /// </summary>
    public StripeValues Values(int index) => _readers[index].Values(_span);

    /// <summary>Fits a range inside what was read last, block by block.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="sink">Takes each block.</param>
    /// <param name="stop">Heeded between blocks.</param>
    /// <returns>Whether all of it was done.</returns>
    public bool Fit(ElementRange elements, BlockSink sink, CancellationToken stop)
    {
        for (var first = elements.First; first < elements.End; )
        {
            if (stop.IsCancellationRequested)
                return false;
            var started = Stopwatch.GetTimestamp();
            var wanted = Math.Min(_pacing.Elements, _mostElements);
            var block = new ElementRange(first, Math.Min(elements.End, first + wanted));
            FitBlock(block, sink);
            if (block.Count == wanted)
                _pacing.Finished(started);
            first = block.End;
        }
        return true;
    }

    /// <summary>Hands out elements that cannot be read: NaN everywhere, and the code that says so.</summary>
    public void Skip(ElementRange elements, ElementStatus why, BlockSink sink)
    {
        for (var rest = elements; rest.Count > 0; )
        {
            var block = rest with { End = Math.Min(rest.End, rest.First + _mostElements) };
            var results = Room((int)block.Count);
            results.Columns.Span.Fill(double.NaN);
            results.Status.Span.Fill(why);
            sink(block, new(elements, default), results.Columns.Span, results.Status.Span);
            rest = rest with { First = block.End };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fitter.Dispose();
        foreach (var reader in _readers)
            reader.Dispose();
    }

    private void FitBlock(ElementRange elements, BlockSink sink)
    {
        var results = Room((int)elements.Count);
        for (var rest = elements; rest.Count > 0; )
        {
            var piece = rest with { End = Math.Min(rest.End, rest.First + _piece) };
            if (piece == elements)
                FitPiece(piece, results);
            else
                FitInto(results, (int)(piece.First - elements.First), piece);
            rest = rest with { First = piece.End };
        }
        sink(elements, new(_span, _digests), results.Columns.Span, results.Status.Span);
    }

    /// <summary>Fits a piece and puts its results in their place in the block's, from <paramref name="at"/> on.</summary>
    private void FitInto(in ResultBlock results, int at, ElementRange piece)
    {
        var (count, blockCount) = ((int)piece.Count, results.Status.Length);
        if (_pieceStatus.Length < count)
            (_pieceStatus, _pieceColumns) = (new ElementStatus[count], new double[checked(count * _columnCount)]);
        var columns = _pieceColumns.AsMemory(0, count * _columnCount);
        FitPiece(piece, new(columns, _pieceStatus.AsMemory(0, count)));
        for (var column = 0; column < _columnCount; column++)
            columns.Span.Slice(column * count, count).CopyTo(results.Columns.Span.Slice((column * blockCount) + at, count));
        _pieceStatus.AsSpan(0, count).CopyTo(results.Status.Span[at..]);
    }

    private void FitPiece(ElementRange piece, in ResultBlock results)
    {
        for (var i = 0; i < _block.Length; i++)
        {
            var values = _readers[i].Values(piece);
            _block[i] = new(values.Singles, values.Doubles, values.Stride, _scalars[i].RowOfSubject) { Prefetch = values.Prefetch };
        }
        _fitter.Fit(new ScalarBlock(piece.First, (int)piece.Count, _block), results);
    }

    private ResultBlock Room(int count)
    {
        if (_status.Length < count)
        {
            _columns = GC.AllocateUninitializedArray<double>(checked(count * _columnCount));
            _status = GC.AllocateUninitializedArray<ElementStatus>(count);
        }
        return new(_columns.AsMemory(0, count * _columnCount), _status.AsMemory(0, count));
    }
}
