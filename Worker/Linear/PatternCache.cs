using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Designs and factors by missing pattern, for elements that cannot share the whole cohort's. Bounded: a new pattern replaces the oldest.
/// A pattern that returns is factored again to the same bits, so results do not depend on the cache. A workspace of one thread.
/// </summary>
internal sealed class PatternCache
{
    private const long Bytes = 32 << 20;
    private const int MaxPatterns = 64;

    private readonly int _capacity;
    private readonly int _subjects;
    private readonly int _columns;
    private readonly InferencePlan _plan;
    private readonly bool _isReference;
    private readonly ulong[] _pattern;
    private readonly List<(ulong Hash, ulong[] Pattern, FactoredRows Rows)> _entries = [];
    private int _oldest;

    /// <summary>
    /// A cache of as many patterns as 32 MB hold; <paramref name="isReference"/>: factored by <see cref="ReferenceLeastSquares"/>.
    /// </summary>
    public PatternCache(int subjects, int columns, InferencePlan plan, bool isReference = false)
        : this(
            subjects,
            columns,
            plan,
            (int)Math.Clamp(Bytes / (2L * sizeof(double) * Math.Max(1, subjects * (long)columns)), 1, MaxPatterns),
            isReference
        ) { }

    /// <summary>A cache of <paramref name="capacity"/> patterns.</summary>
    public PatternCache(int subjects, int columns, InferencePlan plan, int capacity, bool isReference = false)
    {
        (_capacity, _subjects, _columns, _plan, _isReference) = (capacity, subjects, columns, plan, isReference);
        _pattern = new ulong[(subjects + 63) / 64];
    }

    /// <summary>The entry of these rows; when they are new, one without a design, which the caller fills.</summary>
    /// <param name="rows">Rows of the cohort, ascending.</param>
    public FactoredRows Find(ReadOnlySpan<int> rows)
    {
        Array.Clear(_pattern);
        foreach (var row in rows)
            _pattern[row >> 6] |= 1UL << (row & 63);
        var hash = Hash(_pattern);
        foreach (var (known, pattern, kept) in _entries)
            if (known == hash && pattern.AsSpan().SequenceEqual(_pattern))
                return kept;
        return _entries.Count < _capacity ? Add(hash) : Replace(hash);
    }

    private FactoredRows Add(ulong hash)
    {
        var rows = new FactoredRows(_subjects, _columns, _plan, _isReference);
        _entries.Add((hash, [.. _pattern], rows));
        return rows;
    }

    private FactoredRows Replace(ulong hash)
    {
        var (_, pattern, rows) = _entries[_oldest];
        _pattern.CopyTo(pattern, 0);
        _entries[_oldest] = (hash, pattern, rows);
        _oldest = (_oldest + 1) % _capacity;
        (rows.Design, rows.IsFactored) = (null, false);
        return rows;
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
