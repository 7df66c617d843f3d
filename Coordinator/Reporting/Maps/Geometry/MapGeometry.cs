using HpcFit.Coordinator.Tables;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Reporting.Maps.Geometry;

/// <summary>Where the rows of an analysis are drawn: their cells, the directions of fixels, and the background.</summary>
internal sealed class MapGeometry
{
    /// <summary>The largest grid that is drawn: a browser needs four bytes per cell for its index.</summary>
    private const long MaxCells = 1 << 26;

    /// <summary>The number of a row that has no cell.</summary>
    public const int NoCell = -1;

    private MapGeometry(DisplayGrid grid, int[] numbers, double[]? directions) => (Grid, Numbers, Directions) = (grid, numbers, directions);

    /// <summary>The drawn part of the grid.</summary>
    public DisplayGrid Grid { get; }

    /// <summary>The number of the drawn cell of each row; <see cref="NoCell"/>: the row is a vertex of a surface.</summary>
    public int[] Numbers { get; }

    /// <summary>The number of rows that have a cell.</summary>
    public int Located => Numbers.Count(number => number != NoCell);

    /// <summary>x, y and z of each row's fixel, in scanner coordinates; null: the elements are no fixels.</summary>
    public double[]? Directions { get; }

    /// <summary>One grey level per drawn cell: that of the template, else 255 in located cells and 0 elsewhere.</summary>
    public required byte[] Background { get; init; }

    /// <summary>The template's file; null: the background is the mask of located cells.</summary>
    public string? Template { get; init; }

    /// <summary>Whether positions in space are known, so that left and right are.</summary>
    public bool IsPlaced => Grid.Affine is not null;

    /// <summary>The word for an element.</summary>
    public string Kind => Directions is null ? "voxel" : "fixel";

    /// <summary>Whether the cells are those of greyordinates, of which others may be vertices.</summary>
    public bool IsOfGreyordinates { get; private init; }

    /// <summary>Reads the tables of a data file that locate the elements.</summary>
    /// <param name="dataFile">The file.</param>
    /// <param name="positions">Where the rows of the analysis are.</param>
    /// <param name="rows">The number of rows of the analysis.</param>
    /// <param name="template">An image to draw behind the maps; null: the mask of the located cells.</param>
    /// <param name="problem">Why maps cannot be drawn, as a sentence; null if they can.</param>
    /// <returns>Null if the file does not locate its elements in a grid.</returns>
    /// <exception cref="BadInputException">A table is damaged, or the template cannot be read or is of another place.</exception>
    public static MapGeometry? Read(string dataFile, ElementPositions positions, long rows, string? template, out string? problem)
    {
        var cells = Columns(positions, "i", "j", "k", rows);
        if (cells is null || LocatedCells.Read(dataFile) is not var (shape, affine, located))
        {
            problem = positions.Problem ?? $"The elements of '{dataFile}' are not cells of a grid, so no slices can be drawn.";
            return null;
        }
        var orientation = affine is null ? null : GridOrientation.TryFind(affine);
        if (orientation is null)
            affine = null; // a singular affine locates nothing
        var grid = DisplayGrid.Around(shape, affine, orientation ?? GridOrientation.Unknown, located);
        problem =
            rows == 0 ? "The analysis has no elements."
            : grid.Count > MaxCells ? $"The grid of '{dataFile}' has {grid.Count:N0} cells; maps are drawn up to {MaxCells:N0}."
            : null;
        if (problem is not null)
            return null;
        return new(grid, NumbersOf(cells, grid), Columns(positions, "direction_x", "direction_y", "direction_z", rows))
        {
            Background = template is null ? Mask(grid, shape, located) : TemplateBackground.Read(template, grid, shape, located, dataFile),
            Template = template,
            IsOfGreyordinates = positions.Columns.Any(column => column.Name == "greyordinate"),
        };
    }

    /// <summary>Three columns of positions, interleaved; null: the file does not have them.</summary>
    private static double[]? Columns(ElementPositions positions, string first, string second, string third, long rows)
    {
        var values = new double[3 * rows];
        var column = new double[rows];
        foreach (var (at, name) in ((string[])[first, second, third]).Index())
        {
            if (positions.Columns.FirstOrDefault(one => one.Name == name) is not NumberColumn found)
                return null;
            found.Read(0, column);
            for (var row = 0; row < column.Length; row++)
                values[(3 * row) + at] = column[row];
        }
        return values;
    }

    private static int[] NumbersOf(double[] cells, DisplayGrid grid)
    {
        var numbers = new int[cells.Length / 3];
        Span<int> cell = stackalloc int[3];
        for (var row = 0; row < numbers.Length; row++)
        {
            if (double.IsNaN(cells[3 * row]))
            {
                numbers[row] = NoCell;
                continue;
            }
            for (var axis = 0; axis < 3; axis++)
                cell[axis] = (int)cells[(3 * row) + axis];
            numbers[row] = grid.NumberOf(cell);
        }
        return numbers;
    }

    private static byte[] Mask(DisplayGrid grid, IReadOnlyList<int> shape, int[] located)
    {
        var mask = new byte[grid.Count];
        Span<int> cell = stackalloc int[3];
        foreach (var number in located)
        {
            DisplayGrid.Split(number, shape, cell);
            mask[grid.NumberOf(cell)] = byte.MaxValue;
        }
        return mask;
    }
}
