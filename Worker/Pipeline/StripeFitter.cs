using System.Diagnostics;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>Receives a finished block, from any thread.</summary>
/// <param name="block">The results. Valid until the call returns.</param>
/// <param name="read">The digests of what they were computed from. Valid until the call returns.</param>
internal delegate void BlockSink(ResultBlock block, StripeDigest read);

/// <summary>
/// One thread's part of the pipeline: it reads a stripe, fits it block by block, and passes each block of results to a sink. Owns the
/// memory of values and results, which grows to the largest block; after that nothing is allocated per element.
/// </summary>
internal sealed class StripeFitter : IDisposable
{
    private const int MaxResultBytes = 64 << 20;

    private readonly BlockReader _reader;
    private readonly IBlockFitter _fitter;
    private readonly AdaptiveBlockSize _blockSize;
    private readonly int _maxElements;
    private readonly int _elementsPerPiece;
    private readonly int _columnCount;
    private double[] _columns = [];
    private ElementStatus[] _status = [];

    /// <summary>Creates the workspace of one thread.</summary>
    public StripeFitter(RunModel model)
    {
        _columnCount = model.Engine.Layout.PartialWidth;
        _maxElements = MaxElementsPerBlock(_columnCount);
        _reader = new(model.Scalars);
        _elementsPerPiece = _reader.ElementsPerPiece;
        _fitter = model.Engine.CreateFitter();
        // Nobody knows how long one call of user code takes: it may be a minute.
        _blockSize = new(model.Engine is IRunsUserCode ? 1 : AdaptiveBlockSize.DefaultFirst);
    }

    /// <summary>
    /// How many elements' results are held at once, however fast elements are fitted: curves and columns per subject make them long.
    /// </summary>
    public static int MaxElementsPerBlock(int columns) => Math.Max(1, MaxResultBytes / (sizeof(double) * Math.Max(1, columns)));

    /// <summary>Reads and inflates elements of one stripe, for <see cref="Fit"/>.</summary>
    /// <exception cref="CorruptChunkException">They cannot be read.</exception>
    public void Read(ElementRange span) => _reader.Load(span);

    /// <inheritdoc cref="BlockReader.Prefetch"/>
    public void Prefetch(ElementRange span) => _reader.Prefetch(span);

    /// <summary>Values at some of the elements that were read last. Valid until the next call of anything here.</summary>
    public ScalarBlock Values(ElementRange elements) => _reader.Read(elements);

    /// <summary>Fits a range inside what was read last, block by block.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="sink">Receives each block.</param>
    /// <param name="stop">Checked between blocks.</param>
    /// <returns>Whether all of it was done.</returns>
    public bool Fit(ElementRange elements, BlockSink sink, CancellationToken stop)
    {
        for (var first = elements.First; first < elements.End; )
        {
            if (stop.IsCancellationRequested)
                return false;
            var started = Stopwatch.GetTimestamp();
            var wanted = Math.Min(_blockSize.Elements, _maxElements);
            var block = new ElementRange(first, Math.Min(elements.End, first + wanted));
            FitBlock(block, sink);
            if (block.Count == wanted)
                _blockSize.Finished(started);
            first = block.End;
        }
        return true;
    }

    /// <summary>Publishes elements that cannot be read: NaN in every column, and the reason as their status.</summary>
    public void Skip(ElementRange elements, ElementStatus reason, BlockSink sink)
    {
        for (var rest = elements; rest.Count > 0; )
        {
            var results = Reserve(rest with { End = Math.Min(rest.End, rest.First + _maxElements) });
            results.FillWithNaN();
            results.Status.Fill(reason);
            sink(results, new(elements, default));
            rest = rest with { First = results.Elements.End };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fitter.Dispose();
        _reader.Dispose();
    }

    private void FitBlock(ElementRange elements, BlockSink sink)
    {
        var results = Reserve(elements);
        for (var rest = elements; rest.Count > 0; )
        {
            var piece = rest with { End = Math.Min(rest.End, rest.First + _elementsPerPiece) };
            _fitter.Fit(_reader.Read(piece), results.Slice(piece));
            rest = rest with { First = piece.End };
        }
        sink(results, _reader.Digest);
    }

    private ResultBlock Reserve(ElementRange elements)
    {
        var count = (int)elements.Count;
        if (_status.Length < count)
        {
            _columns = GC.AllocateUninitializedArray<double>(checked(count * _columnCount));
            _status = GC.AllocateUninitializedArray<ElementStatus>(count);
        }
        return new(elements, _columns.AsMemory(0, count * _columnCount), _status.AsMemory(0, count));
    }
}
