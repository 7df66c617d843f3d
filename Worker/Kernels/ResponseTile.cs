using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Kernels;

/// <summary>
/// The response of a block as tiles of √w (y - offset) on the rows that elements share. Tiles of a large block are copied, so that each is
/// contiguous in the cache: the block's rows are whole pages apart. A workspace of one thread.
/// </summary>
internal sealed class ResponseTile
{
    /// <summary>A block up to this size is in the core's own cache and is not copied.</summary>
    private const long CacheBytes = 1 << 20;

    private readonly ITileRows _design;
    private readonly int[] _rowStarts;
    private readonly int[] _copyStarts;
    private double[]? _copy;
    private float[]? _singles;
    private ScalarValues _response;
    private int[] _subjectRows = [];
    private int _lastRowStart;
    private bool _isInCache;

    public ResponseTile(ITileRows design)
    {
        _design = design;
        _rowStarts = new int[design.Rows.Length];
        _copyStarts = new int[design.Rows.Length];
        for (var row = 0; row < _copyStarts.Length; row++)
            _copyStarts[row] = row * TileKernel.Width;
    }

    /// <summary>Takes the response of a block, which is used until the next call.</summary>
    /// <param name="response">The values.</param>
    /// <param name="subjectRows">The row of each of the model's subjects: the same object for all blocks of a model.</param>
    public void Start(in ScalarValues response, int[] subjectRows)
    {
        var isLikeLast = response.Stride == _response.Stride && ReferenceEquals(subjectRows, _subjectRows);
        (_response, _subjectRows) = (response, subjectRows);
        _isInCache = response.Length * (response.AreSingles ? (long)sizeof(float) : sizeof(double)) <= CacheBytes;
        if (isLikeLast)
            return;
        _lastRowStart = 0;
        for (var i = 0; i < _rowStarts.Length; i++)
        {
            _rowStarts[i] = subjectRows[_design.Rows[i]] * response.Stride;
            _lastRowStart = Math.Max(_lastRowStart, _rowStarts[i]);
        }
    }

    /// <summary>The tile from element <paramref name="first"/> on; lanes from <paramref name="lanes"/> on belong to no element.</summary>
    public ElementTile At(int first, int lanes) =>
        Find(first, lanes) with
        {
            Prefetch = _response.Prefetch,
            Number = first / TileKernel.Width,
        };

    /// <summary>The number of subjects, of all in the cohort, with a finite value at an element.</summary>
    public int CountFinite(int element)
    {
        var count = 0;
        foreach (var row in _subjectRows)
            if (double.IsFinite(_response[row, element]))
                count++;
        return count;
    }

    /// <summary>The number of given subjects with a finite value at an element.</summary>
    public int CountFinite(int element, ReadOnlySpan<int> subjects)
    {
        var count = 0;
        foreach (var subject in subjects)
            if (double.IsFinite(_response[_subjectRows[subject], element]))
                count++;
        return count;
    }

    /// <summary>Whether the design's finite rows all have the same response.</summary>
    public bool IsConstant(int element)
    {
        var first = double.NaN;
        foreach (var start in _rowStarts)
        {
            var value = _response.At(start + element);
            if (!double.IsFinite(value))
                continue;
            if (double.IsNaN(first))
                first = value;
            else if (value != first)
                return false;
        }
        return true;
    }

    /// <summary>Σ log w over the design's finite rows.</summary>
    public double SumOfLogWeights(int element)
    {
        if (_design.LogWeights is null)
            return 0;
        var sum = 0.0;
        for (var i = 0; i < _rowStarts.Length; i++)
            if (double.IsFinite(_response.At(_rowStarts[i] + element)))
                sum += _design.LogWeights[i];
        return sum;
    }

    private ElementTile Find(int first, int lanes)
    {
        var readable = IsInMemory(first) ? TileKernel.Width : lanes;
        if (readable < TileKernel.Width || _design.RootWeights is not null || _design.Offset is not null)
        {
            var adjusted = Doubles();
            if (readable < TileKernel.Width)
                Array.Clear(adjusted);
            if (_response.AreSingles)
                Widen(_response.Singles.Span, adjusted, first, readable);
            else
                Widen(_response.Doubles.Span, adjusted, first, readable);
            Adjust(adjusted);
            return new(adjusted, _copyStarts);
        }
        if (_isInCache)
        {
            return _response.AreSingles
                ? new(_response.Singles.Span[first..], _rowStarts)
                : new(_response.Doubles.Span[first..], _rowStarts);
        }
        if (_response.AreSingles)
        {
            var singles = _singles ??= new float[_copyStarts.Length * TileKernel.Width];
            Gather(_response.Singles.Span, singles, first);
            return new(singles, _copyStarts);
        }
        var doubles = Doubles();
        Gather(_response.Doubles.Span, doubles, first);
        return new(doubles, _copyStarts);
    }

    /// <summary>Whether a whole tile can be read from the block's memory, which may extend beyond its last element.</summary>
    private bool IsInMemory(int first) => _lastRowStart + first + TileKernel.Width <= _response.Length;

    private double[] Doubles() => _copy ??= new double[_copyStarts.Length * TileKernel.Width];

    /// <summary>Copies a tile into consecutive memory: it is read twice, and then not from one page per row.</summary>
    private void Gather<T>(ReadOnlySpan<T> values, Span<T> copy, int first)
        where T : unmanaged
    {
        for (var i = 0; i < _rowStarts.Length; i++)
            CopyLanes(values.Slice(_rowStarts[i] + first, TileKernel.Width), copy.Slice(_copyStarts[i], TileKernel.Width));
    }

    /// <summary>Copies <see cref="TileKernel.Width"/> values with vector registers: a call of memmove takes longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLanes<T>(ReadOnlySpan<T> from, Span<T> to)
        where T : unmanaged
    {
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<T>.Count)
            Vector512.Create(from[lane..]).CopyTo(to[lane..]);
    }

    private void Widen(ReadOnlySpan<float> values, double[] copy, int first, int lanes)
    {
        for (var i = 0; i < _rowStarts.Length; i++)
        {
            var source = values.Slice(_rowStarts[i] + first, lanes);
            var target = copy.AsSpan(_copyStarts[i], source.Length);
            for (var lane = 0; lane < source.Length; lane++)
                target[lane] = source[lane];
        }
    }

    private void Widen(ReadOnlySpan<double> values, double[] copy, int first, int lanes)
    {
        for (var i = 0; i < _rowStarts.Length; i++)
            values.Slice(_rowStarts[i] + first, lanes).CopyTo(copy.AsSpan(_copyStarts[i], lanes));
    }

    private void Adjust(double[] copy)
    {
        if (_design.RootWeights is null && _design.Offset is null)
            return;
        for (var i = 0; i < _rowStarts.Length; i++)
        {
            var (root, offset) = (Vector512.Create(_design.RootWeights?[i] ?? 1), Vector512.Create(_design.Offset?[i] ?? 0));
            ref var lanes = ref copy[_copyStarts[i]];
            for (nuint lane = 0; lane < TileKernel.Width; lane += (nuint)Vector512<double>.Count)
                ((Vector512.LoadUnsafe(ref lanes, lane) - offset) * root).StoreUnsafe(ref lanes, lane);
        }
    }
}
