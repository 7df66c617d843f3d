using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Exporting.Places;

/// <summary>Compares the cells of voxels with the table <c>/voxels</c> of a data file.</summary>
internal static class VoxelTable
{
    /// <summary>The table.</summary>
    public const string Path = "/voxels";

    private const string Id = "voxel_id";

    /// <summary>Compares the cells.</summary>
    /// <param name="data">The data file.</param>
    /// <param name="image">The image of three axes that contains the voxels.</param>
    /// <param name="cells">The cell of each voxel, numbered with the last axis varying fastest.</param>
    /// <param name="stored">The same, along the axes as the file stores them; null: identical.</param>
    /// <returns>What could not be compared.</returns>
    /// <exception cref="BadInputException">A voxel has another position.</exception>
    public static IReadOnlyList<string> Compare(
        Hdf5ReadFile data,
        ImageHeader image,
        int[] cells,
        Func<int, (int I, int J, int K)>? stored = null
    )
    {
        if (PlaceTable.Read(data, Path, [Id, "i", "j", "k"], cells.Length) is not { } table)
            return
            [
                $"'{data.Path}' has no table {Path}, so only the number of elements could be compared with '{image.Path}'. With a "
                    + "wrong image, the maps are wrong.",
            ];
        if (table.Attributes.Difference(image.Shape, image.Affine) is { } difference)
            throw new BadInputException($"'{image.Path}' is not the image of {table.Subject}: {difference}.");
        if (
            Elsewhere(table, cells, cell => CellOf(image, cell)) is { } elsewhere
            && (stored is null || Elsewhere(table, cells, stored) is not null)
        )
            throw new BadInputException(
                $"'{image.Path}' is not the image of {table.Subject}: {elsewhere}. Give the one from which the file was made."
            );
        var lacks =
            table.Attributes.Affine is null || table.Attributes.Shape is null ? table.Subject
            : image.Affine is null ? $"'{image.Path}'"
            : null;
        return lacks is null
            ? []
            :
            [
                $"{lacks} has no affine, so only the cells (i, j, k) of '{image.Path}' could be compared with {table.Subject}, "
                    + "not their position in space.",
            ];
    }

    /// <summary>The table of a file; null if it has none with these columns.</summary>
    public static PlaceTable? Find(Hdf5ReadFile data) => PlaceTable.Read(data, Path, [Id, "i", "j", "k"], rows: null);

    /// <summary>The cell of each voxel of a table, numbered with the last axis varying fastest.</summary>
    /// <exception cref="BadInputException">A voxel is outside the grid, or two have the same id or cell.</exception>
    public static int[] Cells(PlaceTable table, IReadOnlyList<int> shape)
    {
        var (ids, i, j, k) = (table.Column(Id), table.Column("i"), table.Column("j"), table.Column("k"));
        var cells = new int[ids.Length];
        Array.Fill(cells, -1);
        for (var row = 0; row < ids.Length; row++)
        {
            if (!IsIn(ids[row], cells.Length) || !IsIn(i[row], shape[0]) || !IsIn(j[row], shape[1]) || !IsIn(k[row], shape[2]))
                throw new BadInputException(
                    $"{table.Subject} is damaged: its row {row} has the {Id} {ids[row]:G} at ({i[row]:G}, {j[row]:G}, {k[row]:G}), of "
                        + $"{cells.Length:N0} voxels in {string.Join(" x ", shape)} cells."
                );
            if (cells[(int)ids[row]] >= 0)
                throw new BadInputException($"{table.Subject} is damaged: it has the {Id} {ids[row]:G} twice.");
            cells[(int)ids[row]] = (((int)i[row] * shape[1]) + (int)j[row]) * shape[2] + (int)k[row];
        }
        return cells.Distinct().Count() == cells.Length
            ? cells
            : throw new BadInputException($"{table.Subject} is damaged: two voxels have the same cell.");
    }

    private static bool IsIn(double number, int extent) => number >= 0 && number < extent && number == Math.Floor(number);

    private static (int I, int J, int K) CellOf(ImageHeader image, int cell)
    {
        var (row, k) = Math.DivRem(cell, image.Shape[2]);
        return (row / image.Shape[1], row % image.Shape[1], k);
    }

    /// <summary>The first voxel with another position, and their number; null: none.</summary>
    private static string? Elsewhere(PlaceTable table, int[] cells, Func<int, (int I, int J, int K)> place)
    {
        var (ids, i, j, k) = (table.Column(Id), table.Column("i"), table.Column("j"), table.Column("k"));
        var (count, first) = (0, "");
        for (var row = 0; row < ids.Length; row++)
        {
            if (!(ids[row] >= 0 && ids[row] < cells.Length && ids[row] == Math.Floor(ids[row])))
                return $"the table has the {Id} {ids[row]:G}, of {cells.Length:N0}";
            var here = place(cells[(int)ids[row]]);
            if (here == (i[row], j[row], k[row]))
                continue;
            if (count++ == 0)
                first = $"{Id} {ids[row]:G} is at ({i[row]:G}, {j[row]:G}, {k[row]:G}) in the data and at {here} in the image";
        }
        return count == 0 ? null : $"{first}; {count:N0} of {ids.Length:N0} differ";
    }
}
