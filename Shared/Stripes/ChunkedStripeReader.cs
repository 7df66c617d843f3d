using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Stripes;

/// <summary>Reads a chunked scalar: fetches each chunk under the range, undoes its filters on this thread, places its values.</summary>
internal sealed class ChunkedStripeReader : StripeReader
{
    /// <summary>A smaller chunk costs less to read than to announce.</summary>
    private const long MinExpected = 1 << 16;

    private readonly ChunkGrid grid;
    private readonly IInflater inflater;
    private readonly StripeBuffer buffer;
    private readonly ChunkDecoder decoder;
    private readonly ChunkFetcher fetcher;
    private readonly ChunkSlicer? slicer;
    private StoredBlock? chunk;
    private bool isOneChunk;
    private long end;

    /// <summary>A reader of a chunked source, which takes ownership of <paramref name="inflater"/>.</summary>
    public ChunkedStripeReader(StripeSource source, IInflater inflater) : base(source)
    {
        var scalar = source.Scalar;
        this.inflater = inflater;
        grid = new(scalar);
        buffer = new(scalar.Type, scalar.IsTransposed, checked((int)scalar.Subjects), scalar.Missing);
        fetcher = new(source, grid);
        slicer = source.SlicesChunks ? new(source, grid) : null;
        decoder = new(scalar.Layout.Filters, slicer is null ? checked((int)source.ChunkBytes) : 0, inflater, source.Counters);
    }

    /// <inheritdoc/>
    public override void Prefetch(ElementRange range)
    {
        if (Source.Index is null) return;
        ForEachChunk(range, static (reader, number, _) =>
        {
            var location = reader.Source.Index![number];
            if (location.IsStored && location.Size >= MinExpected) PositionalRead.Prefetch(reader.Source.Data, location.Address, location.Size);
        });
    }

    /// <inheritdoc/>
    protected override void LoadRange(ElementRange range)
    {
        end = range.End;
        isOneChunk = slicer is null && !Source.Scalar.IsTransposed && grid.Rows == 1 && grid.Elements(grid.Number(0, range.First / grid.ChunkColumns)).End >= range.End;
        if (isOneChunk)
        {
            chunk = Decode(grid.Number(0, range.First / grid.ChunkColumns));
            return;
        }
        buffer.Start(range);
        ForEachChunk(range, static (reader, number, range) => reader.ReadChunk(number, range));
        if (slicer is not null) DigestValues(buffer.Values(range));
    }

    /// <inheritdoc/>
    protected override void DigestRange(ElementRange range)
    {
        if (slicer is not null) LoadRange(range);
        else ForEachChunk(range, static (reader, number, _) => reader.Fetch(number, out var _, out var _));
    }

    /// <inheritdoc/>
    protected override StripeValues ValuesOf(ElementRange part)
    {
        if (isOneChunk)
        {
            // Placed when asked for, a piece at a time: what is placed is then in the cache when it is used.
            buffer.Start(part);
            var (subjects, first) = ((int)Source.Scalar.Subjects, (int)(part.First % grid.ChunkColumns));
            if (chunk is { } block) Place(block, first, (int)part.Count, subjects, 0, 0);
            else buffer.Fill(Source.Scalar.Layout.FillValue, 0, subjects, 0, (int)part.Count);
            return buffer.Values(part) with { Prefetch = After(part) };
        }
        return buffer.Values(part);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inflater.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What as many elements more, of the same chunk, are made of.</summary>
    private PrefetchHint After(ElementRange part)
    {
        var count = (int)Math.Min(part.Count, end - part.End);
        return count < 1 || chunk is not { } block ? default : block.Coming(part.End % grid.ChunkColumns, count, Source.Scalar.Type.Size);
    }

    /// <summary>The chunks under a range, in order. The action is given all it needs, so that nothing is allocated.</summary>
    private void ForEachChunk(ElementRange range, Action<ChunkedStripeReader, long, ElementRange> action)
    {
        var isTransposed = Source.Scalar.IsTransposed;
        var (elementsInChunk, across, down) = isTransposed ? (grid.ChunkRows, grid.Rows, grid.Columns) : (grid.ChunkColumns, grid.Columns, grid.Rows);
        for (var a = range.First / elementsInChunk; a < across && a * elementsInChunk < range.End; a++)
        {
            for (long d = 0; d < down; d++) action(this, isTransposed ? grid.Number(a, d) : grid.Number(d, a), range);
        }
    }

    private void ReadChunk(long number, ElementRange range)
    {
        var scalar = Source.Scalar;
        var elements = grid.Elements(number).Intersect(range);
        var (originRow, originColumn) = grid.Origin(number);
        var (originElement, subject) = scalar.IsTransposed ? (originRow, originColumn) : (originColumn, originRow);
        var subjects = (int)Math.Min(scalar.ChunkSubjects, scalar.Subjects - subject);
        var (first, count, into) = ((int)(elements.First - originElement), (int)elements.Count, (int)(elements.First - range.First));

        if (slicer is not null)
        {
            var part = scalar.IsTransposed ? slicer.Slice(number, first, count, 0, subjects) : slicer.Slice(number, 0, subjects, first, count);
            if (part is { } slice) Place(slice, 0, count, subjects, (int)subject, into);
            else buffer.Fill(scalar.Layout.FillValue, (int)subject, subjects, into, count);
            return;
        }
        if (Decode(number) is { } block) Place(block, first, count, subjects, (int)subject, into);
        else buffer.Fill(scalar.Layout.FillValue, (int)subject, subjects, into, count);
    }

    /// <summary>A chunk's values, in buffers that the next call overwrites; null when it was never written.</summary>
    private StoredBlock? Decode(long number)
    {
        if (!Fetch(number, out var stored, out var filterMask)) return null;
        var bytes = decoder.Decode(stored, filterMask);
        return decoder.Problem is { } problem
            ? throw Source.Corrupt(fetcher.Name(number), grid.Elements(number), problem)
            : new(bytes, grid.ChunkColumns, grid.ChunkRows * grid.ChunkColumns, decoder.IsShuffled);
    }

    /// <summary>Fetches a chunk and digests it: its place, its size (-1: never written), the filters that it skipped, its bytes.</summary>
    private bool Fetch(long number, out ReadOnlyMemory<byte> stored, out uint filterMask)
    {
        var isStored = fetcher.Fetch(number, out stored, out filterMask);
        Stored.Append(MemoryMarshal.AsBytes<long>([number, isStored ? stored.Length : -1, filterMask]));
        Stored.Append(stored.Span);
        return isStored;
    }

    private void Place(in StoredBlock block, int first, int count, int subjects, int subject, int into)
    {
        if (Source.Scalar.IsTransposed) buffer.Place(block, first, count, 0, subjects, subject, into);
        else buffer.Place(block, 0, subjects, first, count, subject, into);
    }
}
