using HpcFit.Coordinator.Imaging.Exporting.Places;
using HpcFit.Coordinator.Tables;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>Where the rows of an analysis are drawn: their cells, the directions of fixels, and the background.</summary>
internal sealed class MapGeometry
{
    /// <summary>The largest grid that is drawn: a browser needs four bytes per cell for its index.</summary>
    private const long MaxCells = 1 << 26;

    private MapGeometry(DisplayGrid grid, int[] numbers, double[]? directions, double[]? elementIds) =>
        (Grid, Numbers, Directions, ElementIds) = (grid, numbers, directions, elementIds);

    /// <summary>The drawn part of the grid.</summary>
    public DisplayGrid Grid { get; }

    /// <summary>The number of the drawn cell of each row.</summary>
    public int[] Numbers { get; }

    /// <summary>x, y and z of each row's fixel, in scanner coordinates; null: the elements are voxels.</summary>
    public double[]? Directions { get; }

    /// <summary>The element id of each row; null: the row's number.</summary>
    public double[]? ElementIds { get; }

    /// <summary>One grey level per drawn cell: that of the template, else 255 in located cells and 0 elsewhere.</summary>
    public required byte[] Background { get; init; }

    /// <summary>The template's file; null: the background is the mask of located cells.</summary>
    public string? Template { get; init; }

    /// <summary>Whether positions in space are known, so that left and right are.</summary>
    public bool IsPlaced => Grid.Affine is not null;

    /// <summary>The word for an element.</summary>
    public string Kind => Directions is null ? "voxel" : "fixel";

    /// <summary>Reads the tables of a data file that locate the elements.</summary>
    /// <param name="dataFile">The file.</param>
    /// <param name="elementIds">The element id of each row of the analysis; null: the analysis has no ids.</param>
    /// <param name="rows">The number of rows of the analysis.</param>
    /// <param name="template">An image to draw behind the maps; null: the mask of the located cells.</param>
    /// <param name="allowsExternal">Whether tables may be stored outside the folder of the file.</param>
    /// <param name="problem">Why maps cannot be drawn, as a sentence; null if they can.</param>
    /// <returns>Null if the file does not locate its elements in a grid.</returns>
    /// <exception cref="BadInputException">A table is damaged, or the template cannot be read or is of another place.</exception>
    public static MapGeometry? Read(
        string dataFile,
        double[]? elementIds,
        long rows,
        string? template,
        bool allowsExternal,
        out string? problem
    )
    {
        var positions = ElementPositions.Read(dataFile, elementIds, rows, allowsExternal);
        var cells = Columns(positions, "i", "j", "k", rows);
        if (cells is null || Located(dataFile) is not var (shape, affine, located))
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
        return new(grid, NumbersOf(cells, grid), Columns(positions, "direction_x", "direction_y", "direction_z", rows), elementIds)
        {
            Background = template is null ? Mask(grid, shape, located) : TemplateBackground.Read(template, grid, shape, located, dataFile),
            Template = template,
        };
    }

    /// <summary>The whole grid and its located cells; null: the file has no table of voxels.</summary>
    private static (int[] Shape, Affine? Affine, int[] Cells)? Located(string dataFile)
    {
        using var file = Hdf5ReadFile.Open(dataFile);
        if (VoxelTable.Find(file) is not { Rows: > 0 } table)
            return null;
        int[] shape = table.Attributes.Shape is { } stored
            ? [.. stored.Select(extent => (int)Math.Clamp(extent, 0, int.MaxValue))]
            : [.. ((string[])["i", "j", "k"]).Select(axis => (int)Math.Clamp(table.Column(axis).Max() + 1, 0, int.MaxValue))];
        ImageHeader.RequireUsable(table.Subject, [.. shape.Select(extent => (long)extent)]);
        return (shape, table.Attributes.Affine, VoxelTable.Cells(table, shape));
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
