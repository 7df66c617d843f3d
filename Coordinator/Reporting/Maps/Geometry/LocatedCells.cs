using HpcFit.Coordinator.Imaging;
using HpcFit.Coordinator.Imaging.Exporting.Places;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Reporting.Maps.Geometry;

/// <summary>The grid of a data file, with the cells that it locates: voxels, those of fixels, or those of greyordinates.</summary>
/// <param name="Shape">The number of cells along the three axes.</param>
/// <param name="Affine">From cells to millimetres; null: the file does not store it.</param>
/// <param name="Cells">The cells, numbered with the last axis varying fastest; at least one.</param>
internal sealed record LocatedCells(int[] Shape, Affine? Affine, int[] Cells)
{
    private const string Greyordinates = "/greyordinates";
    private const string Positions = "/greyordinate_positions";

    /// <summary>Reads the tables of a file; null: it locates no cells.</summary>
    /// <exception cref="BadInputException">A table is damaged.</exception>
    public static LocatedCells? Read(string dataFile)
    {
        using var file = Hdf5ReadFile.Open(dataFile);
        if (VoxelTable.Find(file) is { Rows: > 0 } table)
        {
            var shape = Extents(table, table.Attributes);
            return new(shape, table.Attributes.Affine, VoxelTable.Cells(table, shape));
        }
        return OfGreyordinates(file);
    }

    private static LocatedCells? OfGreyordinates(Hdf5ReadFile file)
    {
        string[] axes = ["i", "j", "k"];
        if (
            PlaceTable.Read(file, Greyordinates, ["vertex_id", "structure_id"]) is not { } greyordinates
            || PlaceTable.Read(file, Positions, ["vertex", .. axes]) is not { } table
        )
            return null;
        var columns = Array.ConvertAll(axes, table.Column);
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => Array.TrueForAll(columns, column => column[row] >= 0))];
        if (rows.Length == 0)
            return null;
        var shape = Extents(table, greyordinates.Attributes);
        foreach (var row in rows.Where(row => Enumerable.Range(0, 3).Any(axis => columns[axis][row] >= shape[axis])))
            throw new BadInputException(
                $"{table.Subject} is damaged: its row {row} is at ({string.Join(", ", columns.Select(column => $"{column[row]:F0}"))}), in "
                    + $"{string.Join(" x ", shape)} cells."
            );
        var cells = rows.Select(row => (((int)columns[0][row] * shape[1]) + (int)columns[1][row]) * shape[2] + (int)columns[2][row]);
        return new(shape, greyordinates.Attributes.Affine, [.. cells.Distinct()]);
    }

    /// <summary>The extents of the grid, as stored or as the cells need.</summary>
    private static int[] Extents(PlaceTable table, PlaceAttributes attributes)
    {
        int[] shape = attributes.Shape is { } stored
            ? [.. stored.Select(extent => (int)Math.Clamp(extent, 0, int.MaxValue))]
            : [.. ((string[])["i", "j", "k"]).Select(axis => (int)Math.Clamp(table.Column(axis).Max() + 1, 0, int.MaxValue))];
        ImageHeader.RequireUsable(table.Subject, [.. shape.Select(extent => (long)extent)]);
        return shape;
    }
}
