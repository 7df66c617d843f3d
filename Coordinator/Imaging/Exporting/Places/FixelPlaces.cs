using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Exporting.Places;

/// <summary>The positions of the fixels of an MRtrix fixel folder.</summary>
/// <param name="fixels">The folder's index.</param>
/// <param name="directions">The folder's directions.</param>
internal sealed class FixelPlaces(FixelGrid fixels, ImageHeader directions) : IElementPlaces
{
    private const string Path = "/fixels";
    private const string Id = "fixel_id";
    private const string Voxel = "voxel_id";

    /// <summary>The tolerance: directions are unit vectors in float32, and those of another folder differ by far more.</summary>
    private const double LargestDeviation = 1e-4;

    /// <inheritdoc/>
    public IReadOnlyList<string> Compare(Hdf5ReadFile data)
    {
        if (PlaceTable.Read(data, Path, [Id, Voxel, "x", "y", "z"], fixels.Count) is { } table)
        {
            CompareRows(table);
            return VoxelTable.Compare(data, fixels.Index, fixels.VoxelCells, StoredCell);
        }
        if (
            ((string[])["/greyordinates", "/parcels", VoxelTable.Path]).FirstOrDefault(other => data.Kind(other) != Hdf5NodeKind.Absent) is
            { } found
        )
            throw new BadInputException(
                $"The elements of '{data.Path}' are not fixels, but --index-file is for fixels: it has the table {found}, and no "
                    + $"table {Path}."
            );
        return
        [
            $"'{data.Path}' has no table {Path}, so only the number of elements could be compared with '{fixels.Index.Path}'. With "
                + "a wrong index, the maps are wrong.",
        ];
    }

    private void CompareRows(PlaceTable table)
    {
        var (ids, voxels) = (table.Column(Id), table.Column(Voxel));
        double[][] axes = [table.Column("x"), table.Column("y"), table.Column("z")];
        var there = FixelDirections.Read(directions);
        for (var row = 0; row < ids.Length; row++)
        {
            if (!(ids[row] >= 0 && ids[row] < fixels.Count && ids[row] == Math.Floor(ids[row])))
                throw new BadInputException($"{table.Subject} has the {Id} {ids[row]:G}; 0 to {fixels.Count - 1:N0} were expected.");
            var fixel = (int)ids[row];
            if (voxels[row] != fixels.VoxelOfFixel[fixel])
                throw new BadInputException(
                    $"'{fixels.Index.Path}' is not the index of {table.Subject}: fixel {fixel} is in voxel {voxels[row]:G} of the "
                        + "data and in voxel "
                        + $"{fixels.VoxelOfFixel[fixel]} of the index. Give the one from which the file was made."
                );
            for (var axis = 0; axis < axes.Length; axis++)
            {
                var (wanted, found) = (axes[axis][row], there[(3 * fixel) + axis]);
                if (Math.Abs(wanted - found) <= LargestDeviation || (double.IsNaN(wanted) && double.IsNaN(found)))
                    continue;
                throw new BadInputException(
                    $"The directions in '{directions.Path}' differ from {table.Subject}: that of fixel {fixel} has the component "
                        + $"{found:G6} instead of {wanted:G6} "
                        + $"along {"xyz"[axis]}. Give the one from which the file was made."
                );
            }
        }
    }

    /// <summary>
    /// A cell along the axes as stored in the index, which is how ModelArrayIO counts: it reads the output of mrconvert for the index.
    /// </summary>
    private (int I, int J, int K) StoredCell(int cell)
    {
        var (shape, strides) = (fixels.Index.Shape, fixels.Index.Strides);
        int[] native = [cell / shape[2] / shape[1], cell / shape[2] % shape[1], cell % shape[2]];
        int[] stored =
        [
            .. Enumerable
                .Range(0, 3)
                .OrderBy(axis => Math.Abs(strides[axis]))
                .Select(axis => strides[axis] < 0 ? shape[axis] - 1 - native[axis] : native[axis]),
        ];
        return (stored[0], stored[1], stored[2]);
    }
}
