using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// Reads a chunk's stored bytes into its own buffer: by a positional read when there is an index, else through the library. One per
/// thread.
/// </summary>
internal sealed unsafe class ChunkFetcher(StripeSource source, ChunkGrid grid)
{
    private const int SampledEnd = 32 << 10;
    private readonly byte[] _tail = new byte[SampledEnd];
    private byte[] _buffer = [];

    /// <summary>The chunk's name in messages: its position in the grid.</summary>
    public string Name(long number) => $"Chunk ({number / grid.Columns}, {number % grid.Columns})";

    /// <summary>Fetches a chunk; false when it was never written.</summary>
    /// <param name="number">Its number in the grid.</param>
    /// <param name="stored">Its bytes, until the next call.</param>
    /// <param name="filterMask">The filters that were not applied to it, one bit each.</param>
    public bool Fetch(long number, out ReadOnlyMemory<byte> stored, out uint filterMask)
    {
        var size = source.Index is { } index
            ? FetchByPosition(number, index[number], out filterMask)
            : FetchByLibrary(number, out filterMask);
        stored = _buffer.AsMemory(0, Math.Max(0, size));
        if (size < 0)
            return false;
        source.Counters.AddChunk(size);
        return true;
    }

    /// <summary>A stored chunk for hashing: its beginning and its end, until the next call; a short one has no end.</summary>
    public (ReadOnlyMemory<byte> Beginning, ReadOnlyMemory<byte> End) Sample(long number, out uint filterMask)
    {
        if (source.Index is not { } index)
            return Fetch(number, out var whole, out filterMask) && whole.Length > 2 * SampledEnd
                ? (whole[..SampledEnd], whole[^SampledEnd..])
                : (whole, default);
        var location = index[number];
        var isShort = location.Size <= 2 * SampledEnd;
        var size = FetchByPosition(number, isShort ? location : location with { Size = SampledEnd }, out filterMask);
        source.Counters.AddRead(Math.Max(0, size));
        if (isShort)
            return (_buffer.AsMemory(0, Math.Max(0, size)), default);
        var end = _tail.AsMemory(0, PositionalRead.Fill(source.Data, _tail, location.Address + location.Size - SampledEnd));
        source.Counters.AddRead(end.Length);
        return (_buffer.AsMemory(0, size), end);
    }

    private int FetchByPosition(long number, ChunkLocation location, out uint filterMask)
    {
        filterMask = location.FilterMask;
        if (!location.IsStored)
            return -1;
        var size = checked((int)location.Size);
        Reserve(size);
        var read = PositionalRead.Fill(source.Data, _buffer.AsSpan(0, size), location.Address);
        return read == size
            ? size
            : throw source.Corrupt(
                Name(number),
                grid.Elements(number),
                $"the file ends {size - read:N0} bytes before the end of the chunk at {location.Address:N0}."
            );
    }

    private int FetchByLibrary(long number, out uint filterMask)
    {
        var (row, column) = grid.Origin(number);
        var offset = stackalloc ulong[2] { (ulong)row, (ulong)column };
        var dataset = source.Library.Dataset;
        filterMask = 0;
        source.Counters.AddLibraryCalls(2);
        lock (Hdf5Library.Lock)
        {
            if (H5D.get_chunk_storage_size(dataset.Id, offset, out var stored) < 0)
                throw CannotRead(number);
            if (stored == 0)
                return -1;
            Reserve(checked((int)stored));
            uint mask;
            int status;
            fixed (byte* start = _buffer)
                status = H5D.read_chunk(dataset.Id, H5P.DEFAULT, offset, &mask, (nint)start);
            if (status < 0)
                throw CannotRead(number);
            filterMask = mask;
            return (int)stored;
        }
    }

    private CorruptChunkException CannotRead(long number)
    {
        var failure = Hdf5Status.Failure("read the chunk", Name(number));
        return source.Corrupt(Name(number), grid.Elements(number), "HDF5 cannot read it.", failure);
    }

    private void Reserve(int size)
    {
        // Stored sizes differ a little between chunks; the surplus keeps the steady state free of allocations.
        if (_buffer.Length < size)
            _buffer = GC.AllocateUninitializedArray<byte>(checked(size + (size / 8)));
    }
}
