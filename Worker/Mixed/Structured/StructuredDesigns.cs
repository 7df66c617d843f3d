using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>
/// Tables by pattern of missing subjects. Bounded: a new pattern replaces the oldest, and one that returns is computed again to the same
/// bits. A workspace of one thread.
/// </summary>
internal sealed class StructuredDesigns(int subjects, int columns, RandomStructure structure, IReadOnlyList<Hypothesis> hypotheses)
{
    private const long Bytes = 32 << 20;
    private const int MaxPatterns = 64;

    private readonly int _capacity = (int)Math.Clamp(Bytes / BytesOfOne(subjects, columns, structure), 1, MaxPatterns);
    private readonly ulong[] _pattern = new ulong[(subjects + 63) / 64];
    private readonly List<(ulong[] Pattern, StructuredDesign Tables)> _entries = [];
    private int _oldest;

    /// <summary>The entry of these rows; when they are new, one that the caller computes.</summary>
    public StructuredDesign Find(ReadOnlySpan<int> rows)
    {
        Array.Clear(_pattern);
        foreach (var row in rows)
            _pattern[row >> 6] |= 1UL << (row & 63);
        foreach (var (pattern, kept) in _entries)
            if (pattern.AsSpan().SequenceEqual(_pattern))
                return kept;
        if (_entries.Count < _capacity)
        {
            _entries.Add(([.. _pattern], new(subjects, columns, structure, hypotheses)));
            return _entries[^1].Tables;
        }
        var (replaced, tables) = _entries[_oldest];
        _pattern.CopyTo(replaced, 0);
        _oldest = (_oldest + 1) % _capacity;
        (tables.Design, tables.IsFactored) = (null, false);
        return tables;
    }

    private static long BytesOfOne(int subjects, int columns, RandomStructure structure)
    {
        long size = structure.DenseColumns + columns;
        long coordinates = structure.Factors[structure.Absorbed].Levels * (long)structure.AbsorbedEffects * size;
        return sizeof(double)
            * ((4L * subjects * (columns + structure.AbsorbedEffects)) + (2 * coordinates) + (size * size * (structure.StartPoints + 1L)));
    }
}
