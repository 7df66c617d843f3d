using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Exporting.Places;

/// <summary>The positions of the voxels of a mask.</summary>
/// <param name="mask">The mask, as one volume with its affine.</param>
/// <param name="cells">The cell of each element.</param>
internal sealed class VoxelPlaces(ImageHeader mask, int[] cells) : IElementPlaces
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Compare(Hdf5ReadFile data)
    {
        foreach (
            var (table, what) in ((string, string)[])
                [
                    ("/fixels", "fixels: give --index-file and --directions-file"),
                    ("/greyordinates", "greyordinates: give --example-file"),
                    ("/parcels", "parcels: give --example-file"),
                ]
        )
        {
            if (data.Kind(table) != Hdf5NodeKind.Absent)
                throw new BadInputException(
                    $"The elements of '{data.Path}' are not voxels, but --mask is for voxels: it has the table {table} of {what} instead."
                );
        }
        return VoxelTable.Compare(data, mask, cells);
    }
}
