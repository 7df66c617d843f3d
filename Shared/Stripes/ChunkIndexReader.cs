using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Hdf5.Native;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// Reads a dataset's chunk index through the library: in one pass with <c>H5Dchunk_iter</c> where it is exported, else chunk by chunk with
/// <c>H5Dget_chunk_info</c> as long as there are few.
/// </summary>
/// <remarks>
/// In 1.10 <c>H5Dget_chunk_info</c> walks the index from its start at every call, so n chunks cost n² (34 µs per call at 5,000 chunks,
/// 1.3 ms at 80,000). Beyond <see cref="MaxChunksOneByOne"/> there is no index, and raw chunks are read by <c>H5Dread_chunk</c> instead.
/// </remarks>
internal static unsafe class ChunkIndexReader
{
    /// <summary>Half a second of <c>H5Dget_chunk_info</c> at most; beyond, reading under the lock is cheaper.</summary>
    public const long MaxChunksOneByOne = 8192;

    /// <summary>An index of this many chunks takes 400 MB; a matrix with more is read without one.</summary>
    private const long MaxChunks = 16_000_000;

    /// <summary>
    /// The index, or null when this library cannot provide one in reasonable time, or when its addresses do not lead to the chunks.
    /// </summary>
    /// <param name="dataset">The dataset, open.</param>
    /// <param name="grid">Its chunks.</param>
    /// <param name="data">The file, open for positional reads.</param>
    /// <param name="userBlock">Bytes in front of the HDF5 data: some releases do not include them in the addresses.</param>
    /// <param name="counters">Counts the library calls.</param>
    /// <param name="subject">Dataset and file, for messages.</param>
    public static ChunkIndex? Read(
        Hdf5DatasetHandle dataset,
        ChunkGrid grid,
        SafeFileHandle data,
        long userBlock,
        ReadCounters counters,
        string subject
    )
    {
        if (grid.Count > MaxChunks)
            return null;
        List<StoredChunk> chunks;
        lock (Hdf5Library.Lock)
        {
            if (H5D.HasChunkIter)
                chunks = Iterate(dataset, counters, subject);
            else if (OneByOne(dataset, counters, subject) is { } few)
                chunks = few;
            else
                return null;
        }
        ToElementUnits(chunks, grid);
        RequireInside(chunks, grid, RandomAccess.GetLength(data), subject);
        if (AddressShift(dataset, chunks, data, userBlock, counters) is not { } shift)
            return null;
        var locations = new ChunkLocation[grid.Count];
        Array.Fill(locations, ChunkLocation.Missing);
        foreach (var chunk in chunks)
        {
            ref var location = ref locations[grid.Number(chunk.Row / grid.ChunkRows, chunk.Column / grid.ChunkColumns)];
            if (location != ChunkLocation.Missing)
                throw Damaged(chunk, "occurs twice", subject);
            location = new(chunk.Address + shift, (uint)chunk.Size, chunk.FilterMask);
        }
        return new(locations);
    }

    /// <summary>An entry outside the matrix is damage: the chunk that it belongs to would otherwise be read as never written.</summary>
    private static void RequireInside(List<StoredChunk> chunks, ChunkGrid grid, long fileBytes, string subject)
    {
        foreach (var chunk in chunks)
        {
            if (!IsInside(chunk.Row, grid.ChunkRows, grid.Rows) || !IsInside(chunk.Column, grid.ChunkColumns, grid.Columns))
                throw Damaged(chunk, "lies outside the matrix", subject);
            // A truncated file is not refused here: its reader reports which elements are missing.
            if (chunk.Address < 0 || chunk.Size < 0 || chunk.Address > long.MaxValue - uint.MaxValue - fileBytes)
                throw Damaged(chunk, "has no address in a file", subject);
        }
    }

    private static bool IsInside(long start, long extent, long count) => start >= 0 && start % extent == 0 && start / extent < count;

    private static BadInputException Damaged(StoredChunk chunk, string what, string subject) =>
        new(
            $"{subject} is damaged: its chunk index has an entry for row {chunk.Row}, column {chunk.Column}, which {what}. Restore "
                + "the file from its source."
        );

    private static List<StoredChunk> Iterate(Hdf5DatasetHandle dataset, ReadCounters counters, string subject)
    {
        var chunks = new List<StoredChunk>();
        var handle = GCHandle.Alloc(chunks);
        try
        {
            counters.AddLibraryCalls(1);
            Hdf5Status.Check(
                H5D.chunk_iter(dataset.Id, H5P.DEFAULT, &Visit, GCHandle.ToIntPtr(handle)),
                "read the chunk index of",
                subject
            );
            return chunks;
        }
        finally
        {
            handle.Free();
        }
    }

    [UnmanagedCallersOnly]
    private static int Visit(ulong* offset, uint filterMask, ulong address, ulong size, nint chunks)
    {
        ((List<StoredChunk>)GCHandle.FromIntPtr(chunks).Target!).Add(
            new((long)offset[0], (long)offset[1], filterMask, (long)address, (long)size)
        );
        return 0;
    }

    private static List<StoredChunk>? OneByOne(Hdf5DatasetHandle dataset, ReadCounters counters, string subject)
    {
        using var space = new Hdf5DataspaceHandle(Hdf5Status.Check(H5D.get_space(dataset.Id), "read the shape of", subject));
        Hdf5Status.Check(H5D.get_num_chunks(dataset.Id, space.Id, out var count), "count the chunks of", subject);
        counters.AddLibraryCalls(1);
        if (count > MaxChunksOneByOne)
            return null;
        var chunks = new List<StoredChunk>((int)count);
        var offset = stackalloc ulong[2];
        for (ulong i = 0; i < count; i++)
        {
            uint mask;
            ulong address,
                size;
            Hdf5Status.Check(
                H5D.get_chunk_info(dataset.Id, space.Id, i, offset, &mask, &address, &size),
                $"read entry {i} of the chunk index of",
                subject
            );
            chunks.Add(new((long)offset[0], (long)offset[1], mask, (long)address, (long)size));
        }
        counters.AddLibraryCalls((long)count);
        return chunks;
    }

    /// <summary>Early releases of <c>H5Dchunk_iter</c> count offsets in chunks, all others in elements.</summary>
    private static void ToElementUnits(List<StoredChunk> chunks, ChunkGrid grid)
    {
        if (chunks.TrueForAll(chunk => chunk.Row % grid.ChunkRows == 0 && chunk.Column % grid.ChunkColumns == 0))
            return;
        for (var i = 0; i < chunks.Count; i++)
        {
            chunks[i] = chunks[i] with { Row = chunks[i].Row * grid.ChunkRows, Column = chunks[i].Column * grid.ChunkColumns };
        }
    }

    /// <summary>
    /// What to add to the addresses, found by comparing the first and the last chunk as the library reads them with the file's own bytes;
    /// null when neither shift works (a multi-file driver, a library that reports something else).
    /// </summary>
    private static long? AddressShift(
        Hdf5DatasetHandle dataset,
        List<StoredChunk> chunks,
        SafeFileHandle data,
        long userBlock,
        ReadCounters counters
    )
    {
        if (chunks.Count == 0)
            return 0;
        StoredChunk[] probes = [chunks[0], chunks[^1]];
        foreach (var shift in userBlock == 0 ? [0L] : new[] { 0L, userBlock })
        {
            if (Array.TrueForAll(probes, chunk => HasBytesAt(dataset, chunk, chunk.Address + shift, data, counters)))
                return shift;
        }
        return null;
    }

    private static bool HasBytesAt(Hdf5DatasetHandle dataset, StoredChunk chunk, long address, SafeFileHandle data, ReadCounters counters)
    {
        // A chunk beyond the end of the file is damage, not a wrong shift: the reader reports it with its elements.
        if (address + chunk.Size > RandomAccess.GetLength(data))
            return true;
        var expected = new byte[chunk.Size];
        var offset = stackalloc ulong[2] { (ulong)chunk.Row, (ulong)chunk.Column };
        uint mask;
        counters.AddLibraryCalls(1);
        lock (Hdf5Library.Lock)
        {
            fixed (byte* start = expected)
            {
                if (H5D.read_chunk(dataset.Id, H5P.DEFAULT, offset, &mask, (nint)start) < 0)
                {
                    _ = H5E.clear(H5E.DEFAULT);
                    return false;
                }
            }
        }
        var found = new byte[chunk.Size];
        return PositionalRead.Fill(data, found, address) == found.Length
            && mask == chunk.FilterMask
            && found.AsSpan().SequenceEqual(expected);
    }

    private readonly record struct StoredChunk(long Row, long Column, uint FilterMask, long Address, long Size);
}
