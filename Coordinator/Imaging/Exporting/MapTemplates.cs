using HpcFit.Coordinator.Imaging.Cifti;
using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Imaging.Exporting.Places;
using HpcFit.Coordinator.Imaging.Nifti;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Mif;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>Creates the template of maps from the user's files: a mask, a fixel folder's files, or an example.</summary>
internal static class MapTemplates
{
    /// <summary>Creates the template.</summary>
    /// <exception cref="BadInputException">A file cannot be used.</exception>
    /// <exception cref="UsageException">The options do not locate the elements, or contradict each other.</exception>
    public static MapTemplate From(ExportPlan plan)
    {
        var fixels = plan.Index is not null || plan.Directions is not null;
        if (plan.Mask is not null && fixels)
            throw new UsageException(
                "--mask is for voxels, --index-file and --directions-file are for fixels: give those that match the data's elements."
            );
        if (plan.Mask is not null)
            return Voxels(plan.Mask);
        if (fixels)
        {
            return Fixels(
                plan.Index
                    ?? throw new UsageException(
                        "--index-file is missing: fixel maps need the folder's index image besides --directions-file."
                    ),
                plan.Directions
                    ?? throw new UsageException(
                        "--directions-file is missing: fixel maps need the folder's directions image besides --index-file."
                    ),
                Example(plan)
            );
        }
        if (Example(plan) is not { } example)
            return StoredGeometry.Template(plan.Data);
        return Modalities.From(example) switch
        {
            Modality.Greyordinates => Greyordinates(example),
            Modality.Voxels => throw new UsageException(
                $"The example '{example}' is a NIfTI volume; only the mask determines which of its voxels are elements. Give --mask."
            ),
            _ => throw new UsageException($"The example '{example}' is MRtrix fixel data. Give --index-file and --directions-file too."),
        };
    }

    private static string? Example(ExportPlan plan) =>
        plan switch
        {
            { Example: not null, Cohort: not null } => throw new UsageException(
                "--example-file and --cohort-file both specify the example; give one of them."
            ),
            { Cohort: { } cohort } => CohortImages.Read(cohort, [], plan.Root)[0].Images[0].Path,
            _ => plan.Example,
        };

    private static MapTemplate Voxels(string path)
    {
        var mask = NiftiFile.Read(path);
        var volume = SingleVolume.From(mask.Placed);
        var grid = MaskGrid.Read(volume);
        return new(map => mask.HeadForMap(map.Type, map.ShortDescription), volume.AsSingles(), grid, ".nii", CanCompress: true)
        {
            Places = new VoxelPlaces(volume, grid.Cells!),
        };
    }

    private static MapTemplate Fixels(string indexPath, string directionsPath, string? example)
    {
        var directions = FixelDirections.Open(directionsPath);
        var grid = FixelGrid.Read(indexPath, directions);
        var fixels = grid.Count;
        var like = MifFile.Read(example ?? directionsPath);
        if (example is null)
            like = like.WithShape([fixels, 1, 1]);
        else if (like.Image.Samples != fixels)
            throw new BadInputException(
                $"The example '{example}' has the shape {like.Image.ShapeText}; {fixels} x 1 x 1 was expected, one value per fixel of "
                    + $"'{indexPath}'."
            );
        var elements = new ElementGrid(like.Image.Shape, null);
        return new(map => like.HeadForMap(map.Type, map.Description), like.ImageForMap(), elements, ".mif", CanCompress: true)
        {
            Companions = [indexPath, directionsPath],
            Places = new FixelPlaces(grid, directions),
        };
    }

    private static MapTemplate Greyordinates(string path)
    {
        var file = CiftiFile.Read(path);
        return new(
            map => file.HeadForMap(map.Type, map.Name, map.Description, map.ShortDescription),
            file.Image.AsSingles(),
            new(file.Image.Shape, null),
            file.Ending,
            CanCompress: false
        )
        {
            Places = new GreyordinatePlaces(file),
        };
    }
}
