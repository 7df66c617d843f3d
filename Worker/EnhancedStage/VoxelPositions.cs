using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Worker.Enhancing.Neighbourhoods;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>The cells of a data file's elements, if they are voxels.</summary>
internal static class VoxelPositions
{
    private const string Voxels = "/voxels";
    private const string Fixels = "/fixels";
    private static readonly string[] Axes = ["i", "j", "k"];

    /// <summary>Reads the cells.</summary>
    /// <param name="path">The data file.</param>
    /// <param name="elements">The number of elements.</param>
    /// <param name="enhance">The enhancement, for messages.</param>
    /// <exception cref="BadInputException">The file has no positions of voxels, or they are not those of the elements.</exception>
    public static VoxelCells Read(string path, int elements, string enhance)
    {
        using var file = Hdf5ReadFile.Open(path);
        if (file.Kind(Fixels) == Hdf5NodeKind.Dataset)
            throw new BadInputException(
                $"The elements of '{path}' are fixels (table {Fixels}), and --enhance {enhance} is for voxels. Use --enhance cfe --cfe "
                    + "FOLDER with the connectivity of the fixels."
            );
        if (PositionTable.Read(file, Voxels, ["voxel_id", .. Axes]) is not { } table)
            throw new BadInputException(
                $"'{path}' has no table {Voxels} with the columns voxel_id, i, j and k, so the neighbours of its elements, which --enhance "
                    + $"{enhance} needs, are unknown. 'hpcfit convert' stores it."
            );
        if (table.Rows != elements)
            throw new BadInputException($"{table.Subject} has {table.Rows:N0} voxels; the scalar has {elements:N0} elements.");
        var ids = table.Column("voxel_id");
        var cells = Array.ConvertAll(Axes, axis => ById(table, ids, table.Column(axis), axis));
        var voxels = new VoxelCells(cells[0], cells[1], cells[2]);
        return voxels.FindDuplicate() is { } twice
            ? throw new BadInputException($"{table.Subject} has two voxels in the cell of voxel {twice}. Convert the images again.")
            : voxels;
    }

    private static int[] ById(PositionTable table, double[] ids, double[] values, string axis)
    {
        var cells = new int[values.Length];
        Array.Fill(cells, -1);
        for (var row = 0; row < values.Length; row++)
        {
            var (id, cell) = (ids[row], values[row]);
            if (id != Math.Floor(id) || id < 0 || id >= cells.Length || cells[(int)id] >= 0)
                throw new BadInputException(
                    $"{table.Subject}: the voxel_id of row {row} is {id}; each number from 0 to {cells.Length - 1} was expected once."
                );
            if (cell != Math.Floor(cell) || cell < 0 || cell > VoxelCells.Largest)
                throw new BadInputException(
                    $"{table.Subject}: {axis} of voxel {id} is {cell}; a whole number from 0 to {VoxelCells.Largest} was expected."
                );
            cells[(int)id] = (int)cell;
        }
        return cells;
    }
}
