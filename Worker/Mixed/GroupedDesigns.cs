using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Mixed;

/// <summary>
/// Tables by pattern of missing subjects. Bounded: a new pattern replaces the oldest, and one that returns is computed again to the same
/// bits. A workspace of one thread.
/// </summary>
internal sealed class GroupedDesigns(int subjects, int columns, int levels, IReadOnlyList<Hypothesis> hypotheses)
{
    private const long Bytes = 32 << 20;
    private const int MaxPatterns = 64;

    private readonly int _capacity = (int)Math.Clamp(Bytes / (3L * sizeof(double) * Math.Max(1, subjects * (long)columns)), 1, MaxPatterns);
    private readonly ulong[] _pattern = new ulong[(subjects + 63) / 64];
    private readonly List<(ulong[] Pattern, GroupedDesign Tables)> _entries = [];
    private int _oldest;

    /// <summary>The entry of these rows; when they are new, one that the caller computes.</summary>
    public GroupedDesign Find(ReadOnlySpan<int> rows)
    {
        Array.Clear(_pattern);
        foreach (var row in rows)
            _pattern[row >> 6] |= 1UL << (row & 63);
        foreach (var (pattern, kept) in _entries)
            if (pattern.AsSpan().SequenceEqual(_pattern))
                return kept;
        if (_entries.Count < _capacity)
        {
            _entries.Add(([.. _pattern], new(subjects, columns, levels, hypotheses)));
            return _entries[^1].Tables;
        }
        var (replaced, tables) = _entries[_oldest];
        _pattern.CopyTo(replaced, 0);
        _oldest = (_oldest + 1) % _capacity;
        (tables.Design, tables.IsFactored) = (null, false);
        return tables;
    }
}
