namespace HpcFit.Worker.Gam.Rows;

/// <summary>
/// A cache of models by observed rows, with their workspaces. Bounded by memory: the oldest are evicted. A model that is built again has
/// the same bits, so the cache does not affect any number. Not thread-safe; a look-up allocates nothing.
/// </summary>
internal sealed class RowsCache
{
    /// <summary>64 MB per thread: some 200 patterns of 1,000 subjects and 10 coefficients.</summary>
    public const long DefaultBytes = 64L << 20;

    private readonly long _maxBytes;
    private readonly ulong[] _wanted;
    private readonly Dictionary<ulong[], IRowsFit> _fits = new(PatternComparer.Instance);
    private readonly Queue<ulong[]> _age = new();
    private long _bytes;

    /// <summary>An empty cache.</summary>
    /// <param name="subjects">Subjects of the cohort.</param>
    /// <param name="maxBytes">The memory limit in bytes; the newest model is kept whatever its size.</param>
    public RowsCache(int subjects, long maxBytes)
    {
        _maxBytes = maxBytes;
        _wanted = new ulong[(subjects + 63) / 64];
    }

    /// <summary>The fit of a set of rows; null if it is not cached.</summary>
    /// <param name="rows">Rows of the cohort, ascending.</param>
    public IRowsFit? Find(ReadOnlySpan<int> rows)
    {
        Array.Clear(_wanted);
        foreach (var row in rows)
            _wanted[row >> 6] |= 1UL << (row & 63);
        return _fits.GetValueOrDefault(_wanted);
    }

    /// <summary>Stores the fit of the rows of the last call of <see cref="Find"/>.</summary>
    public IRowsFit Store(IRowsFit fit)
    {
        var pattern = _wanted.ToArray();
        _fits.Add(pattern, fit);
        _age.Enqueue(pattern);
        _bytes += fit.Model.Bytes;
        while (_bytes > _maxBytes && _age.Count > 1)
        {
            var oldest = _age.Dequeue();
            _bytes -= _fits[oldest].Model.Bytes;
            _fits.Remove(oldest);
        }
        return fit;
    }

    private sealed class PatternComparer : IEqualityComparer<ulong[]>
    {
        public static PatternComparer Instance { get; } = new();

        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        /// <summary>FNV-1a over words.</summary>
        public int GetHashCode(ulong[] pattern)
        {
            var hash = 14695981039346656037UL;
            foreach (var word in pattern)
            {
                hash = (hash ^ word) * 1099511628211UL;
                hash ^= hash >> 29;
            }
            return (int)(hash ^ (hash >> 32));
        }
    }
}
