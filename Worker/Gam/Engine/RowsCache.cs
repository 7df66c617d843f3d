namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Models by the rows that elements have left, with their workspaces. Bounded by memory: the oldest make room. Rows that come back are
/// modelled anew to the same bits, so what the cache holds decides no number. A workspace of one thread; finding allocates nothing.
/// </summary>
internal sealed class RowsCache
{
    /// <summary>64 MB a thread: some 200 patterns of 1,000 subjects and 10 coefficients.</summary>
    public const long UsualBytes = 64L << 20;

    private readonly long _mostBytes;
    private readonly ulong[] _wanted;
    private readonly Dictionary<ulong[], RowsFit> _fits = new(PatternComparer.Instance);
    private readonly Queue<ulong[]> _age = new();
    private long _bytes;

    /// <summary>An empty cache.</summary>
    /// <param name="subjects">Subjects of the cohort.</param>
    /// <param name="mostBytes">What it may hold; the newest model stays whatever it takes.</param>
    public RowsCache(int subjects, long mostBytes)
    {
        _mostBytes = mostBytes;
        _wanted = new ulong[(subjects + 63) / 64];
    }

    /// <summary>The fit on rows; null when they are new.</summary>
    /// <param name="rows">Rows of the cohort, ascending.</param>
    public RowsFit? Find(ReadOnlySpan<int> rows)
    {
        Array.Clear(_wanted);
        foreach (var row in rows)
            _wanted[row >> 6] |= 1UL << (row & 63);
        return _fits.GetValueOrDefault(_wanted);
    }

    /// <summary>Keeps the fit on the rows that <see cref="Find"/> was asked for last.</summary>
    public RowsFit Store(RowsFit fit)
    {
        var pattern = _wanted.ToArray();
        _fits.Add(pattern, fit);
        _age.Enqueue(pattern);
        _bytes += fit.Model.Bytes;
        while (_bytes > _mostBytes && _age.Count > 1)
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

        /// <summary>FNV-1a by words.</summary>
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
