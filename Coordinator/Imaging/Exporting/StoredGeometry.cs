using HpcFit.Coordinator.Imaging.Exporting.Places;
using HpcFit.Coordinator.Imaging.Nifti;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>Creates the template of maps from the data file alone: its table of voxels, and the grid that <c>convert</c> stored.</summary>
internal static class StoredGeometry
{
    /// <summary>The files that locate the elements of a kind, by the table that shows it.</summary>
    private static readonly (string Table, string Kind, string Options)[] Others =
    [
        ("/fixels", "fixels", "--index-file and --directions-file"),
        ("/greyordinates", "greyordinates", "--example-file or --cohort-file"),
        ("/parcels", "parcels", "--example-file or --cohort-file"),
    ];

    /// <summary>Creates the template.</summary>
    /// <exception cref="UsageException">The file does not locate its elements in space; the message names the options that do.</exception>
    public static MapTemplate Template(string path)
    {
        using var data = Hdf5ReadFile.Open(path);
        foreach (var (table, kind, options) in Others)
        {
            if (data.Kind(table) != Hdf5NodeKind.Absent)
                throw new UsageException($"The elements of '{path}' are {kind}. Give the files that locate them: {options}.");
        }
        var voxels =
            VoxelTable.Find(data)
            ?? throw new UsageException(
                $"Neither the options nor '{path}', which has no table {VoxelTable.Path}, locate the elements. Give --mask (voxels), "
                    + "--index-file and --directions-file (fixels), or --example-file or --cohort-file (CIFTI)."
            );
        if (voxels.Attributes is not { Shape: { } stored, Affine: { } affine })
            throw new UsageException(
                $"The table {VoxelTable.Path} of '{path}' has no shape and no affine (ModelArrayIO stores neither), so the positions in "
                    + "space are unknown. Give the group mask: --mask."
            );
        int[] shape = [.. stored.Select(extent => checked((int)extent))];
        var volume = NiftiFile.OfVolume(path, shape, affine);
        var cells = VoxelTable.Cells(voxels, shape);
        return new(map => volume.HeadForMap(map.Type, map.ShortDescription), volume.Image, new(shape, cells), ".nii", CanCompress: true)
        {
            Places = new VoxelPlaces(volume.Image, cells),
        };
    }
}
