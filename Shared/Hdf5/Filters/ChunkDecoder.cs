namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Decodes a chunk's filters, last first, except the shuffle, which is left to the code that places the rows. One per thread: owns its
/// buffers.
/// </summary>
/// <param name="filters">The pipeline in the order of writing; all of them plain.</param>
/// <param name="chunkBytes">Bytes of an inflated chunk.</param>
/// <param name="inflater">The thread's inflater; the caller disposes it.</param>
/// <param name="counters">Counts what inflation produced.</param>
internal sealed class ChunkDecoder(IReadOnlyList<StoredFilter> filters, int chunkBytes, IInflater inflater, ReadCounters counters)
{
    // Not a foreach over the interface: that would allocate an enumerator per chunk.
    private readonly int[] _ids = [.. filters.Select(filter => filter.Id)];
    private byte[] _inflated = [];

    /// <summary>The problem found by the last call of <see cref="Decode"/>; null when it succeeded.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the bytes of the last call are still shuffled.</summary>
    public bool IsShuffled { get; private set; }

    /// <summary>
    /// Whether this class can decode a pipeline: known filters, at most one gzip and one shuffle, the shuffle first.
    /// </summary>
    public static bool CanDecode(IReadOnlyList<StoredFilter> filters) =>
        filters.All(filter => filter.IsPlain)
        && filters.Count(filter => filter.Id == StoredFilter.Deflate) <= 1
        && filters.Count(filter => filter.Id == StoredFilter.Shuffle) <= 1
        && (filters.Count == 0 || filters.Skip(1).All(filter => filter.Id != StoredFilter.Shuffle));

    /// <summary>
    /// The chunk's bytes, shuffled or not, in a buffer that the next call overwrites; empty, with <see cref="Problem"/> set, if they are
    /// damaged.
    /// </summary>
    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored, uint filterMask)
    {
        (Problem, IsShuffled) = (null, false);
        for (var i = _ids.Length - 1; i >= 0; i--)
        {
            if ((filterMask >> i & 1) != 0)
                continue;
            switch (_ids[i])
            {
                case StoredFilter.Fletcher32:
                    if (!Fletcher32.IsValid(stored.Span))
                        return Fail("its Fletcher-32 checksum does not match.");
                    stored = stored[..^Fletcher32.Length];
                    break;
                case StoredFilter.Deflate:
                    // Checksums applied before gzip add to the inflated size.
                    var size = chunkBytes + InnerChecksums(i, filterMask);
                    if (_inflated.Length < size)
                        _inflated = GC.AllocateUninitializedArray<byte>(size);
                    if (inflater.Inflate(stored, _inflated.AsSpan(0, size)) is { } damage)
                        return Fail(damage);
                    counters.AddInflated(size);
                    stored = _inflated.AsMemory(0, size);
                    break;
                default:
                    IsShuffled = true;
                    break;
            }
        }
        return stored.Length == chunkBytes ? stored : Fail($"it contains {stored.Length:N0} bytes instead of {chunkBytes:N0}.");
    }

    private int InnerChecksums(int before, uint filterMask)
    {
        var bytes = 0;
        for (var i = 0; i < before; i++)
        {
            if (_ids[i] == StoredFilter.Fletcher32 && (filterMask >> i & 1) == 0)
                bytes += Fletcher32.Length;
        }
        return bytes;
    }

    private ReadOnlyMemory<byte> Fail(string problem)
    {
        Problem = problem;
        return default;
    }
}
