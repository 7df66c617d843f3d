using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Filters;

namespace HpcFit.Shared.Stripes;

/// <summary>Reads a chunked scalar: fetches each chunk of the range, undoes its filters on this thread, places its values.</summary>
internal sealed class ChunkedStripeReader : StripeReader
{
    /// <summary>A smaller chunk costs less to read than to prefetch.</summary>
    private const long MinPrefetchBytes = 1 << 16;

    private readonly ChunkGrid _grid;
    private readonly IInflater _inflater;
    private readonly StripeBuffer _buffer;
    private StripeBuffer _filled;
    private readonly ChunkDecoder _decoder;
    private readonly ChunkFetcher _fetcher;
    private readonly ChunkSlicer? _slicer;
    private StoredBlock? _chunk;
    private bool _isOneChunk;
    private long _end;

    /// <summary>A reader of a chunked source, which takes ownership of <paramref name="inflater"/>.</summary>
    public ChunkedStripeReader(StripeSource source, IInflater inflater)
        : base(source)
    {
        var scalar = source.Scalar;
        _inflater = inflater;
        _grid = new(scalar);
        _filled = _buffer = new(scalar.Type, scalar.IsTransposed, checked((int)scalar.Subjects), scalar.Missing);
        _fetcher = new(source, _grid);
        _slicer = source.SlicesChunks ? new(source, _grid) : null;
        _decoder = new(scalar.Layout.Filters, _slicer is null ? checked((int)source.ChunkBytes) : 0, inflater, source.Counters);
    }

    /// <inheritdoc/>
    public override void Prefetch(ElementRange range)
    {
        if (Source.Index is null)
            return;
        ForEachChunk(
            range,
            static (reader, number, _) =>
            {
                var location = reader.Source.Index![number];
                if (location.IsStored && location.Size >= MinPrefetchBytes)
                    PositionalRead.Prefetch(reader.Source.Data, location.Address, location.Size);
            }
        );
    }

    /// <inheritdoc/>
    protected override void LoadRange(ElementRange range)
    {
        _end = range.End;
        _isOneChunk =
            _slicer is null
            && !Source.Scalar.IsTransposed
            && _grid.Rows == 1
            && _grid.Elements(_grid.Number(0, range.First / _grid.ChunkColumns)).End >= range.End;
        if (_isOneChunk)
        {
            _chunk = Decode(_grid.Number(0, range.First / _grid.ChunkColumns));
            return;
        }
        _filled = _buffer;
        _buffer.Start(range);
        ForEachChunk(range, static (reader, number, range) => reader.ReadChunk(number, range));
        if (_slicer is not null)
            DigestValues(_buffer.Values(range));
    }

    /// <inheritdoc/>
    protected override void DigestRange(ElementRange range)
    {
        if (_slicer is not null)
            LoadRange(range);
        else
            ForEachChunk(range, static (reader, number, _) => reader.Fetch(number, out var _, out var _));
    }

    /// <inheritdoc/>
    protected override ScalarValues ValuesOf(ElementRange part)
    {
        if (_isOneChunk)
        {
            // Placed on request, a piece at a time, so that it is in the cache when it is used.
            _buffer.Start(part);
            var (subjects, first) = ((int)Source.Scalar.Subjects, (int)(part.First % _grid.ChunkColumns));
            if (_chunk is { } block)
                Place(block, first, (int)part.Count, subjects, 0, 0);
            else
                _buffer.Fill(Source.Scalar.Layout.FillValue, 0, subjects, 0, (int)part.Count);
            return _buffer.Values(part) with { Prefetch = After(part) };
        }
        return _filled.Values(part);
    }

    /// <inheritdoc/>
    protected override void ShareRange(StripeReader loaded)
    {
        var other = (ChunkedStripeReader)loaded;
        (_isOneChunk, _chunk, _end, _filled) = (other._isOneChunk, other._chunk, other._end, other._filled);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inflater.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The stored bytes of as many elements again, of the same chunk.</summary>
    private PrefetchHint After(ElementRange part)
    {
        var count = (int)Math.Min(part.Count, _end - part.End);
        return count < 1 || _chunk is not { } block ? default : block.HintOf(part.End % _grid.ChunkColumns, count, Source.Scalar.Type.Size);
    }

    /// <summary>The chunks of a range, in order. The action receives all it needs, so that nothing is allocated.</summary>
    private void ForEachChunk(ElementRange range, Action<ChunkedStripeReader, long, ElementRange> action)
    {
        var isTransposed = Source.Scalar.IsTransposed;
        var (elementsInChunk, across, down) = isTransposed
            ? (_grid.ChunkRows, _grid.Rows, _grid.Columns)
            : (_grid.ChunkColumns, _grid.Columns, _grid.Rows);
        for (var a = range.First / elementsInChunk; a < across && a * elementsInChunk < range.End; a++)
        {
            for (long d = 0; d < down; d++)
                action(this, isTransposed ? _grid.Number(a, d) : _grid.Number(d, a), range);
        }
    }

    private void ReadChunk(long number, ElementRange range)
    {
        var scalar = Source.Scalar;
        var elements = _grid.Elements(number).Intersect(range);
        var (originRow, originColumn) = _grid.Origin(number);
        var (originElement, subject) = scalar.IsTransposed ? (originRow, originColumn) : (originColumn, originRow);
        var subjects = (int)Math.Min(scalar.ChunkSubjects, scalar.Subjects - subject);
        var (first, count, into) = ((int)(elements.First - originElement), (int)elements.Count, (int)(elements.First - range.First));

        if (_slicer is not null)
        {
            var part = scalar.IsTransposed
                ? _slicer.Slice(number, first, count, 0, subjects)
                : _slicer.Slice(number, 0, subjects, first, count);
            if (part is { } slice)
                Place(slice, 0, count, subjects, (int)subject, into);
            else
                _buffer.Fill(scalar.Layout.FillValue, (int)subject, subjects, into, count);
            return;
        }
        if (Decode(number) is { } block)
            Place(block, first, count, subjects, (int)subject, into);
        else
            _buffer.Fill(scalar.Layout.FillValue, (int)subject, subjects, into, count);
    }

    /// <summary>A chunk's values, in buffers that the next call overwrites; null when it was never written.</summary>
    private StoredBlock? Decode(long number)
    {
        if (!Fetch(number, out var stored, out var filterMask))
            return null;
        var bytes = _decoder.Decode(stored, filterMask);
        return _decoder.Problem is { } problem
            ? throw Source.Corrupt(_fetcher.Name(number), _grid.Elements(number), problem)
            : new(bytes, _grid.ChunkColumns, _grid.ChunkRows * _grid.ChunkColumns, _decoder.IsShuffled);
    }

    /// <summary>Fetches a chunk and digests its number, its size (-1: never written), its filter mask and its bytes.</summary>
    private bool Fetch(long number, out ReadOnlyMemory<byte> stored, out uint filterMask)
    {
        var isStored = _fetcher.Fetch(number, out stored, out filterMask);
        Stored.Append(MemoryMarshal.AsBytes<long>([number, isStored ? stored.Length : -1, filterMask]));
        Stored.Append(stored.Span);
        return isStored;
    }

    private void Place(in StoredBlock block, int first, int count, int subjects, int subject, int into)
    {
        if (Source.Scalar.IsTransposed)
            _buffer.Place(block, first, count, 0, subjects, subject, into);
        else
            _buffer.Place(block, 0, subjects, first, count, subject, into);
    }
}
