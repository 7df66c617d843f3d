using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Hdf5.Filters;

namespace HpcFit.Shared.Stripes;

/// <summary>Reads a chunked scalar: fetches each chunk of the range, undoes its filters on this thread, places its values.</summary>
internal sealed class ChunkedStripeReader : ChunkGridReader
{
    private readonly IInflater _inflater;
    private readonly ChunkDecoder _decoder;
    private readonly ChunkFetcher _fetcher;
    private StoredBlock? _chunk;
    private bool _isOneChunk;
    private long _end;

    /// <summary>A reader of a chunked source, which takes ownership of <paramref name="inflater"/>.</summary>
    public ChunkedStripeReader(StripeSource source, IInflater inflater)
        : base(source)
    {
        _inflater = inflater;
        _fetcher = new(source, Grid);
        _decoder = new(source.Scalar.Layout.Filters, checked((int)source.ChunkBytes), inflater, source.Counters);
    }

    /// <inheritdoc/>
    protected override void LoadRange(ElementRange range)
    {
        _end = range.End;
        var first = Grid.Number(0, range.First / Grid.ChunkColumns);
        _isOneChunk = !Source.Scalar.IsTransposed && Grid.Rows == 1 && Grid.Elements(first).End >= range.End;
        if (_isOneChunk)
        {
            _chunk = Decode(first);
            return;
        }
        Start(range);
        foreach (var number in Grid.Numbers(range))
        {
            var part = Grid.Part(number, range);
            Place(Decode(number), part.First, part);
        }
    }

    /// <inheritdoc/>
    protected override void DigestRange(ElementRange range)
    {
        foreach (var number in Grid.Numbers(range))
            Fetch(number, out _, out _);
    }

    /// <inheritdoc/>
    protected override ScalarValues ValuesOf(ElementRange part)
    {
        if (!_isOneChunk)
            return base.ValuesOf(part);
        // Placed on request, a piece at a time, so that it is in the cache when it is used.
        Buffer.Start(part);
        var first = (int)(part.First % Grid.ChunkColumns);
        Place(_chunk, first, new(first, (int)part.Count, 0, (int)Source.Scalar.Subjects, 0));
        return Buffer.Values(part) with { Prefetch = After(part) };
    }

    /// <inheritdoc/>
    protected override void ShareRange(StripeReader loaded)
    {
        base.ShareRange(loaded);
        var other = (ChunkedStripeReader)loaded;
        (_isOneChunk, _chunk, _end) = (other._isOneChunk, other._chunk, other._end);
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
        return count < 1 || _chunk is not { } block ? default : block.HintOf(part.End % Grid.ChunkColumns, count, Source.Scalar.Type.Size);
    }

    /// <summary>A chunk's values, in buffers that the next call overwrites; null when it was never written.</summary>
    private StoredBlock? Decode(long number)
    {
        if (!Fetch(number, out var stored, out var filterMask))
            return null;
        var bytes = _decoder.Decode(stored, filterMask);
        return _decoder.Problem is { } problem
            ? throw Source.Corrupt(_fetcher.Name(number), Grid.Elements(number), problem)
            : new(bytes, Grid.ChunkColumns, Grid.ChunkRows * Grid.ChunkColumns, _decoder.IsShuffled);
    }

    /// <summary>Fetches a chunk and digests its number, its size (-1: never written), its filter mask and its bytes.</summary>
    private bool Fetch(long number, out ReadOnlyMemory<byte> stored, out uint filterMask)
    {
        var isStored = _fetcher.Fetch(number, out stored, out filterMask);
        Stored.Append(MemoryMarshal.AsBytes<long>([number, isStored ? stored.Length : -1, filterMask]));
        Stored.Append(stored.Span);
        return isStored;
    }
}
