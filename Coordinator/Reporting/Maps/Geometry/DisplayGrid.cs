using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Reporting.Maps.Geometry;

/// <summary>
/// The part of the grid that is drawn, with its axes in the order right, anterior, superior: the bounding box of the located cells and a
/// margin. Cells of it are numbered with the first of these axes varying fastest.
/// </summary>
internal sealed class DisplayGrid
{
    private const int Margin = 2;

    private DisplayGrid(GridOrientation orientation, Affine? affine) => (Orientation, Affine) = (orientation, affine);

    /// <summary>The assignment of the grid's axes.</summary>
    public GridOrientation Orientation { get; }

    /// <summary>From cells of the whole grid to millimetres; null: unknown.</summary>
    public Affine? Affine { get; }

    /// <summary>For right, anterior and superior: the cell of the whole grid at which the drawn part begins, on its own axis.</summary>
    public int[] First { get; } = new int[3];

    /// <summary>For the same three: 1, or -1 if the cells of the whole grid are counted backwards.</summary>
    public int[] Step { get; } = new int[3];

    /// <summary>The number of drawn cells along the three axes.</summary>
    public int[] Extent { get; } = new int[3];

    /// <summary>The number of drawn cells.</summary>
    public long Count => Extent.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>The edges of a cell along the three axes in millimetres; 1 if unknown.</summary>
    public double[] Edges => [.. Orientation.GridAxes.Select(axis => Affine?.EdgeOf(axis) is > 0 and var edge ? edge : 1)];

    /// <summary>The part of a grid that contains some cells.</summary>
    /// <param name="shape">The number of cells of the whole grid along its axes.</param>
    /// <param name="affine">From cells to millimetres; null: unknown.</param>
    /// <param name="orientation">The orientation of the grid.</param>
    /// <param name="cells">The cells, numbered with the last axis varying fastest; not empty.</param>
    public static DisplayGrid Around(IReadOnlyList<int> shape, Affine? affine, GridOrientation orientation, int[] cells)
    {
        var (least, most) = Bounds(shape, cells);
        var grid = new DisplayGrid(orientation, affine);
        for (var world = 0; world < 3; world++)
        {
            var axis = orientation.GridAxes[world];
            var (low, high) = (Math.Max(0, least[axis] - Margin), Math.Min(shape[axis] - 1, most[axis] + Margin));
            grid.Extent[world] = high - low + 1;
            (grid.First[world], grid.Step[world]) = orientation.IsReversed[world] ? (high, -1) : (low, 1);
        }
        return grid;
    }

    /// <summary>The number of a cell of the whole grid among the drawn ones.</summary>
    /// <param name="cell">Its three indices.</param>
    public int NumberOf(ReadOnlySpan<int> cell)
    {
        var number = 0;
        for (var world = 2; world >= 0; world--)
            number = (number * Extent[world]) + ((cell[Orientation.GridAxes[world]] - First[world]) * Step[world]);
        return number;
    }

    /// <summary>The three indices, in the whole grid, of a drawn cell.</summary>
    public void CellOf(int number, Span<int> cell)
    {
        for (var world = 0; world < 3; world++)
        {
            (number, var at) = Math.DivRem(number, Extent[world]);
            cell[Orientation.GridAxes[world]] = First[world] + (at * Step[world]);
        }
    }

    /// <summary>Separates a cell's number, with the last axis varying fastest, into its three indices.</summary>
    public static void Split(int number, IReadOnlyList<int> shape, Span<int> cell)
    {
        for (var axis = 2; axis >= 0; axis--)
            (number, cell[axis]) = Math.DivRem(number, shape[axis]);
    }

    private static (int[] Least, int[] Most) Bounds(IReadOnlyList<int> shape, int[] cells)
    {
        var (least, most) = ((int[])[int.MaxValue, int.MaxValue, int.MaxValue], new int[3]);
        Span<int> cell = stackalloc int[3];
        foreach (var number in cells)
        {
            Split(number, shape, cell);
            for (var axis = 0; axis < 3; axis++)
                (least[axis], most[axis]) = (Math.Min(least[axis], cell[axis]), Math.Max(most[axis], cell[axis]));
        }
        return (least, most);
    }
}
