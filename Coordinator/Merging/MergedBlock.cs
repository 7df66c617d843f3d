using HpcFit.Shared.Partials;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// One block of columns of a complete run, read from its partial files. Holds one tile's part of one frame (16 MiB at most).
/// </summary>
/// <param name="slices">The slices that cover the run, ascending and disjoint.</param>
/// <param name="placement">The row of each element.</param>
/// <param name="partials">Reads the partials; the caller's.</param>
/// <param name="firstPartialColumn">The first partial column of the block.</param>
/// <param name="columns">The number of columns.</param>
internal sealed class MergedBlock(
    IReadOnlyList<CoveredSlice> slices,
    RowPlacement placement,
    PartialColumns partials,
    int firstPartialColumn,
    int columns
) : IResultTiles
{
    private readonly BlockColumns _frame = new(partials);

    /// <inheritdoc/>
    public int Columns => columns;

    /// <inheritdoc/>
    public long Rows => placement.Rows;

    /// <inheritdoc/>
    public void Read(int firstColumn, int columns, long firstRow, int rows, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstColumn + columns, Columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + rows, Rows);
        var tile = destination[..checked(columns * rows)];
        tile.Fill(double.NaN);
        foreach (var (elements, row) in placement.OfRows(firstRow, rows))
        {
            for (var next = FirstEndingAfter(elements.First); next < slices.Count && slices[next].Elements.First < elements.End; next++)
            {
                var part = slices[next] with { Elements = slices[next].Elements.Intersect(elements) };
                var at = checked((int)(row - firstRow + part.Elements.First - elements.First));
                _frame.Read(part, firstPartialColumn + firstColumn, columns, tile[at..], rows);
            }
        }
    }

    private int FirstEndingAfter(long element)
    {
        int low = 0,
            high = slices.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (slices[middle].Elements.End <= element)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
