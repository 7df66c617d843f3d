namespace HpcFit.Worker.Rows;

/// <summary>
/// What a model computes once per pattern of missing subjects. Bounded: a new pattern replaces the oldest, and one that returns is computed
/// again to the same bits. A workspace of one thread.
/// </summary>
/// <typeparam name="T">The tables of a pattern.</typeparam>
/// <param name="subjects">The number of subjects in the cohort.</param>
/// <param name="bytes">The size of the tables of one pattern.</param>
/// <param name="create">Allocates tables.</param>
/// <param name="reset">Marks tables as those of no pattern.</param>
internal sealed class PatternTables<T>(int subjects, long bytes, Func<T> create, Action<T> reset)
    where T : class
{
    private const long Bytes = 32 << 20;
    private const int MaxPatterns = 64;

    private readonly int _capacity = (int)Math.Clamp(Bytes / Math.Max(1, bytes), 1, MaxPatterns);
    private readonly ulong[] _pattern = new ulong[(subjects + 63) / 64];
    private readonly List<(ulong[] Pattern, T Tables)> _entries = [];
    private int _oldest;

    /// <summary>The entry of these rows; when they are new, one that the caller computes.</summary>
    public T Find(ReadOnlySpan<int> rows)
    {
        Array.Clear(_pattern);
        foreach (var row in rows)
            _pattern[row >> 6] |= 1UL << (row & 63);
        foreach (var (pattern, kept) in _entries)
            if (pattern.AsSpan().SequenceEqual(_pattern))
                return kept;
        if (_entries.Count < _capacity)
        {
            _entries.Add(([.. _pattern], create()));
            return _entries[^1].Tables;
        }
        var (replaced, tables) = _entries[_oldest];
        _pattern.CopyTo(replaced, 0);
        _oldest = (_oldest + 1) % _capacity;
        reset(tables);
        return tables;
    }
}
