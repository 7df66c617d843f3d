using System.Collections;

namespace HpcFit.Shared.Elements;

/// <summary>
/// A set of elements as sorted, disjoint, non-touching ranges: the coverage of a run, the elements of a job, the elements still missing.
/// Immutable. Time and memory depend on the number of ranges, not of elements.
/// </summary>
public sealed class ElementSet : IReadOnlyList<ElementRange>, IEquatable<ElementSet>
{
    private readonly ElementRange[] _ranges;

    private ElementSet(ElementRange[] normalized)
    {
        _ranges = normalized;
        Count = 0;
        foreach (var range in normalized)
            Count += range.Count;
    }

    /// <summary>The set without elements.</summary>
    public static ElementSet Empty { get; } = new([]);

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>Whether it contains no elements.</summary>
    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The ranges, ascending.</summary>
    public ReadOnlySpan<ElementRange> Ranges => _ranges;

    int IReadOnlyCollection<ElementRange>.Count => _ranges.Length;

    /// <summary>The range at <paramref name="index"/>, ascending.</summary>
    public ElementRange this[int index] => _ranges[index];

    /// <summary>The set of one range; empty if the range is empty.</summary>
    public static ElementSet From(long first, long end) => end > first ? new([new(first, end)]) : Empty;

    /// <summary>The union of ranges in any order; they may overlap, touch or be empty. O(n log n).</summary>
    public static ElementSet From(IEnumerable<ElementRange> ranges)
    {
        var sorted = ranges.Where(range => range.Count > 0).ToArray();
        Array.Sort(sorted, static (a, b) => a.First.CompareTo(b.First));
        var merged = new List<ElementRange>(sorted.Length);
        foreach (var range in sorted)
        {
            if (merged.Count > 0 && range.First <= merged[^1].End)
                merged[^1] = merged[^1] with { End = Math.Max(merged[^1].End, range.End) };
            else
                merged.Add(range);
        }
        return merged.Count == 0 ? Empty : new([.. merged]);
    }

    /// <summary>The elements in this set or in <paramref name="other"/>.</summary>
    public ElementSet Union(ElementSet other) => From(_ranges.Concat(other._ranges));

    /// <summary>The elements in this set and in <paramref name="other"/>.</summary>
    public ElementSet Intersect(ElementSet other)
    {
        var shared = new List<ElementRange>();
        for (int i = 0, j = 0; i < _ranges.Length && j < other._ranges.Length; )
        {
            var both = _ranges[i].Intersect(other._ranges[j]);
            if (both.Count > 0)
                shared.Add(both);
            if (_ranges[i].End < other._ranges[j].End)
                i++;
            else
                j++;
        }
        return shared.Count == 0 ? Empty : new([.. shared]);
    }

    /// <summary>The elements in this set and not in <paramref name="other"/>.</summary>
    public ElementSet Except(ElementSet other)
    {
        var left = new List<ElementRange>();
        var j = 0;
        foreach (var range in _ranges)
        {
            var first = range.First;
            while (j < other._ranges.Length && other._ranges[j].End <= first)
                j++;
            for (var k = j; k < other._ranges.Length && other._ranges[k].First < range.End; k++)
            {
                if (other._ranges[k].First > first)
                    left.Add(new(first, other._ranges[k].First));
                first = Math.Max(first, other._ranges[k].End);
            }
            if (first < range.End)
                left.Add(new(first, range.End));
        }
        return left.Count == 0 ? Empty : new([.. left]);
    }

    /// <summary>Whether it contains <paramref name="element"/>. O(log n) in the number of ranges.</summary>
    public bool Contains(long element)
    {
        int low = 0,
            high = _ranges.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ranges[middle].End <= element)
                low = middle + 1;
            else
                high = middle;
        }
        return low < _ranges.Length && _ranges[low].First <= element;
    }

    /// <inheritdoc/>
    public bool Equals(ElementSet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ElementSet);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_ranges.Length, Count, _ranges.Length > 0 ? _ranges[0] : default);

    /// <inheritdoc/>
    public IEnumerator<ElementRange> GetEnumerator() => ((IEnumerable<ElementRange>)_ranges).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As users write it: <c>1:100,205</c>; the middle is omitted beyond 8 ranges.</summary>
    public override string ToString() =>
        _ranges.Length <= 8
            ? string.Join(',', _ranges)
            : $"{string.Join(',', _ranges.Take(4))},…,{string.Join(',', _ranges.TakeLast(2))} ({_ranges.Length} ranges)";
}
