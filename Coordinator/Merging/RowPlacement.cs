using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// The row of each element in the results: the user's order for a subset, the element id if all elements are in the file. The cost depends
/// on the number of ranges.
/// </summary>
internal sealed class RowPlacement
{
    private readonly (ElementRange Elements, long FirstRow)[] _byRow;
    private readonly (ElementRange Elements, long FirstRow)[] _ascending;

    private RowPlacement((ElementRange Elements, long FirstRow)[] piecesByRow, long rows)
    {
        _byRow = piecesByRow;
        _ascending = [.. piecesByRow.OrderBy(piece => piece.Elements.First)];
        Rows = rows;
    }

    /// <summary>The number of rows.</summary>
    public long Rows { get; }

    /// <summary>One row per element of the file, in its order.</summary>
    public static RowPlacement OfAll(long totalElements) => new([(new(0, totalElements), 0)], totalElements);

    /// <summary>One row per element of the run, in the order of disjoint ranges.</summary>
    public static RowPlacement InOrder(IEnumerable<ElementRange> ranges)
    {
        var pieces = new List<(ElementRange, long)>();
        var rows = 0L;
        foreach (var range in ranges)
        {
            pieces.Add((range, rows));
            rows += range.Count;
        }
        return new([.. pieces], rows);
    }

    /// <summary>The parts of <paramref name="elements"/> that have rows, ascending, each with its first row.</summary>
    public IEnumerable<(ElementRange Elements, long FirstRow)> Create(ElementRange elements)
    {
        for (var i = FirstEndingAfter(elements.First); i < _ascending.Length && _ascending[i].Elements.First < elements.End; i++)
        {
            var shared = _ascending[i].Elements.Intersect(elements);
            yield return (shared, _ascending[i].FirstRow + shared.First - _ascending[i].Elements.First);
        }
    }

    /// <summary>The elements of consecutive rows, ascending by row, each range with its first row.</summary>
    public IEnumerable<(ElementRange Elements, long FirstRow)> OfRows(long firstRow, long count)
    {
        for (var i = FirstRowsEndingAfter(firstRow); i < _byRow.Length && _byRow[i].FirstRow < firstRow + count; i++)
        {
            var (elements, row) = _byRow[i];
            var (skip, end) = (Math.Max(0, firstRow - row), Math.Min(elements.Count, firstRow + count - row));
            yield return (new(elements.First + skip, elements.First + end), row + skip);
        }
    }

    /// <summary>All pieces, ascending by element.</summary>
    public IEnumerable<(ElementRange Elements, long FirstRow)> All() => _ascending;

    private int FirstEndingAfter(long element) => First(_ascending, piece => piece.Elements.End > element);

    private int FirstRowsEndingAfter(long row) => First(_byRow, piece => piece.FirstRow + piece.Elements.Count > row);

    /// <summary>The first piece for which <paramref name="holds"/> is true; it is true for all later ones.</summary>
    private static int First((ElementRange Elements, long FirstRow)[] pieces, Func<(ElementRange Elements, long FirstRow), bool> holds)
    {
        int low = 0,
            high = pieces.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (holds(pieces[middle]))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
