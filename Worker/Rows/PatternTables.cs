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
/// <param name="capacity">The number of patterns that are kept; null: as many as 32 MB hold, at most 64.</param>
internal sealed class PatternTables<T>(int subjects, long bytes, Func<T> create, Action<T> reset, int? capacity = null)
    where T : class
{
    private const long Bytes = 32 << 20;
    private const int MaxPatterns = 64;

    private readonly int _capacity = capacity ?? (int)Math.Clamp(Bytes / Math.Max(1, bytes), 1, MaxPatterns);
    private readonly ulong[] _pattern = new ulong[(subjects + 63) / 64];
    private readonly List<(ulong Hash, ulong[] Pattern, T Tables)> _entries = [];
    private int _oldest;

    /// <summary>The entry of these rows; when they are new, one that the caller computes.</summary>
    public T Find(ReadOnlySpan<int> rows)
    {
        Array.Clear(_pattern);
        foreach (var row in rows)
            _pattern[row >> 6] |= 1UL << (row & 63);
        var hash = Hash(_pattern);
        foreach (var (known, pattern, kept) in _entries)
            if (known == hash && pattern.AsSpan().SequenceEqual(_pattern))
                return kept;
        if (_entries.Count < _capacity)
        {
            _entries.Add((hash, [.. _pattern], create()));
            return _entries[^1].Tables;
        }
        var (_, replaced, tables) = _entries[_oldest];
        _pattern.CopyTo(replaced, 0);
        _entries[_oldest] = (hash, replaced, tables);
        _oldest = (_oldest + 1) % _capacity;
        reset(tables);
        return tables;
    }

    /// <summary>FNV-1a by words; patterns are compared in full, so that collisions only cost time.</summary>
    private static ulong Hash(ReadOnlySpan<ulong> words)
    {
        var hash = 14695981039346656037UL;
        foreach (var word in words)
        {
            hash = (hash ^ word) * 1099511628211UL;
            hash ^= hash >> 29;
        }
        return hash;
    }
}
