using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// Which row of the results an element has: the user's order for a subset, the element id when all elements are in the file. Cost follows
/// the number of ranges.
/// </summary>
internal sealed class RowPlacement
{
    private readonly (ElementRange Elements, long FirstRow)[] _ascending;

    private RowPlacement(IEnumerable<(ElementRange Elements, long FirstRow)> pieces, long rows)
    {
        _ascending = [.. pieces.OrderBy(piece => piece.Elements.First)];
        Rows = rows;
    }

    /// <summary>How many rows there are.</summary>
    public long Rows { get; }

    /// <summary>One row an element of the file, in its order.</summary>
    public static RowPlacement OfAll(long totalElements) => new([(new(0, totalElements), 0)], totalElements);

    /// <summary>One row an element of the run, in the order of disjoint ranges.</summary>
    public static RowPlacement InOrder(IEnumerable<ElementRange> ranges)
    {
        var pieces = new List<(ElementRange, long)>();
        var rows = 0L;
        foreach (var range in ranges)
        {
            pieces.Add((range, rows));
            rows += range.Count;
        }
        return new(pieces, rows);
    }

    /// <summary>The parts of <paramref name="elements"/> that have rows, ascending, each with its first row.</summary>
    public IEnumerable<(ElementRange Elements, long FirstRow)> Of(ElementRange elements)
    {
        for (var i = FirstEndingAfter(elements.First); i < _ascending.Length && _ascending[i].Elements.First < elements.End; i++)
        {
            var shared = _ascending[i].Elements.Intersect(elements);
            yield return (shared, _ascending[i].FirstRow + shared.First - _ascending[i].Elements.First);
        }
    }

    /// <summary>Every piece, ascending by element.</summary>
    public IEnumerable<(ElementRange Elements, long FirstRow)> All() => _ascending;

    private int FirstEndingAfter(long element)
    {
        int low = 0, high = _ascending.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ascending[middle].Elements.End <= element) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
