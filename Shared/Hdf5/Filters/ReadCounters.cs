namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Counts the work of reading. Shared by all threads of a worker; thread-safe.</summary>
public sealed class ReadCounters
{
    private long _stripes,
        _chunks,
        _bytesRead,
        _bytesInflated,
        _libraryCalls;

    /// <summary>Element ranges that were read (stripes, or parts of one).</summary>
    public long Stripes => Interlocked.Read(ref _stripes);

    /// <summary>Stored chunks that were read.</summary>
    public long Chunks => Interlocked.Read(ref _chunks);

    /// <summary>Stored bytes read from the file.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Bytes that inflation produced.</summary>
    public long BytesInflated => Interlocked.Read(ref _bytesInflated);

    /// <summary>Calls into libhdf5 for chunks: index, raw chunks, filtered reads.</summary>
    public long LibraryCalls => Interlocked.Read(ref _libraryCalls);

    internal void AddStripe() => Interlocked.Increment(ref _stripes);

    internal void AddChunk(long stored)
    {
        Interlocked.Increment(ref _chunks);
        Interlocked.Add(ref _bytesRead, stored);
    }

    internal void AddRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    internal void AddInflated(long bytes) => Interlocked.Add(ref _bytesInflated, bytes);

    internal void AddLibraryCalls(long calls) => Interlocked.Add(ref _libraryCalls, calls);
}
