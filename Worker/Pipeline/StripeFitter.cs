using System.Diagnostics;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Pipeline;

/// <summary>Takes a finished block.</summary>
/// <param name="elements">Its elements.</param>
/// <param name="columns">Column-major: column c of element e at <c>c * count + e</c>. Valid until the call returns.</param>
/// <param name="status">One code an element.</param>
internal delegate void BlockSink(ElementRange elements, ReadOnlySpan<double> columns, ReadOnlySpan<ElementStatus> status);

/// <summary>
/// One thread's part of the pipeline: a reader for every scalar, a fitter, and room for one block of results. Buffers grow to the largest
/// piece seen; after that nothing is allocated an element.
/// </summary>
internal sealed class StripeFitter : IDisposable
{
    private const int MostResultBytes = 64 << 20;

    private readonly IReadOnlyList<ScalarInput> _scalars;
    private readonly StripeReader[] _readers;
    private readonly IBlockFitter _fitter;
    private readonly BlockPacing _pacing;
    private readonly int _mostElements;
    private readonly StripeValues[] _stripe;
    private readonly ScalarValues[] _block;
    private readonly int _columnCount;
    private double[] _columns = [];
    private ElementStatus[] _status = [];

    /// <summary>Makes the workspace of one thread.</summary>
    public StripeFitter(RunModel model)
    {
        _scalars = model.Scalars;
        _columnCount = model.Engine.Layout.PartialWidth;
        _mostElements = MostElementsPerBlock(_columnCount);
        _readers = [.. _scalars.Select(scalar => scalar.Source.CreateReader())];
        _fitter = model.Engine.CreateFitter();
        // What one call of user code takes is anybody's guess: a minute, perhaps.
        _pacing = new(model.Engine is IRunsUserCode ? 1 : BlockPacing.Smallest);
        _stripe = new StripeValues[_scalars.Count];
        _block = new ScalarValues[_scalars.Count];
    }

    /// <summary>How many elements' results are held at once, however quickly elements are fitted: a column a subject makes them long.</summary>
    public static int MostElementsPerBlock(int columns) => Math.Max(1, MostResultBytes / (sizeof(double) * Math.Max(1, columns)));

    /// <summary>Reads and inflates elements of one stripe, for <see cref="Fit"/>.</summary>
    /// <exception cref="CorruptChunkException">They cannot be read.</exception>
    public void Read(ElementRange span)
    {
        for (var i = 0; i < _readers.Length; i++) _stripe[i] = _readers[i].Read(span);
    }

    /// <summary>Values of the scalar at <paramref name="index"/>, as read last.</summary>
    public StripeValues Values(int index) => _stripe[index];

    /// <summary>Fits a range inside what was read last, block by block.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="sink">Takes each block.</param>
    /// <param name="stop">Heeded between blocks.</param>
    /// <returns>Whether all of it was done.</returns>
    public bool Fit(ElementRange elements, BlockSink sink, CancellationToken stop)
    {
        for (var first = elements.First; first < elements.End;)
        {
            if (stop.IsCancellationRequested) return false;
            var started = Stopwatch.GetTimestamp();
            var wanted = Math.Min(_pacing.Elements, _mostElements);
            var block = new ElementRange(first, Math.Min(elements.End, first + wanted));
            FitBlock(block, sink);
            if (block.Count == wanted) _pacing.Finished(started);
            first = block.End;
        }
        return true;
    }

    /// <summary>Hands out elements that cannot be read: NaN everywhere, and the code that says so.</summary>
    public void Leave(ElementRange elements, ElementStatus why, BlockSink sink)
    {
        for (var rest = elements; rest.Count > 0;)
        {
            var block = rest with { End = Math.Min(rest.End, rest.First + _mostElements) };
            var results = Room((int)block.Count);
            results.Columns.Span.Fill(double.NaN);
            results.Status.Span.Fill(why);
            sink(block, results.Columns.Span, results.Status.Span);
            rest = rest with { First = block.End };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fitter.Dispose();
        foreach (var reader in _readers) reader.Dispose();
    }

    private void FitBlock(ElementRange elements, BlockSink sink)
    {
        var count = (int)elements.Count;
        for (var i = 0; i < _block.Length; i++)
        {
            var values = _stripe[i];
            var skip = (int)(elements.First - values.FirstElement);
            _block[i] = new(
                values.Singles.IsEmpty ? default : values.Singles[skip..],
                values.Doubles.IsEmpty ? default : values.Doubles[skip..],
                values.Stride,
                _scalars[i].RowOfSubject);
        }
        var results = Room(count);
        _fitter.Fit(new ScalarBlock(elements.First, count, _block), results);
        sink(elements, results.Columns.Span, results.Status.Span);
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
