using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>Determines the kind of the images of a cohort, and opens the space that they share.</summary>
internal static class ElementSpaces
{
    /// <summary>The space of all images.</summary>
    /// <exception cref="BadInputException">The images are of several kinds, or of a kind that the verb does not convert.</exception>
    /// <exception cref="UsageException">A required option for their kind is missing.</exception>
    public static ElementSpace Find(ConversionPlan plan, IReadOnlyList<ScalarImages> scalars) =>
        ModalityOf(plan, scalars) switch
        {
            Modality.Voxels => new VoxelSpace(
                plan.Mask
                    ?? throw new UsageException("--mask is missing: NIfTI volumes need a mask, whose voxels above 0 are the elements.")
            ),
            Modality.Fixels => new FixelSpace(
                plan.Index
                    ?? throw new UsageException(
                        "--index-file is missing: fixel data need the index image of their folder, such as index.mif."
                    ),
                plan.Directions
                    ?? throw new UsageException(
                        "--directions-file is missing: fixel data need the directions image of their folder, such as directions.mif."
                    )
            ),
            _ => new GreyordinateSpace(scalars[0].Images[0].Path),
        };

    private static Modality ModalityOf(ConversionPlan plan, IReadOnlyList<ScalarImages> scalars)
    {
        var images = scalars.SelectMany(scalar => scalar.Images).ToList();
        var first = images[0];
        var modality = plan.Modality ?? Modalities.From(first.Path);
        foreach (var image in images)
        {
            if (Modalities.From(image.Path) is var other && other == modality)
                continue;
            throw new BadInputException(
                plan.Modality is null
                    ? $"The cohort mixes {modality.Word()} ('{first.Source}') and {other.Word()} ('{image.Source}', row "
                        + $"{image.Line}). A file contains one kind: "
                        + "split the cohort."
                    : $"'{image.Source}' (row {image.Line}) is of the kind {other.Word()}; this verb converts {modality.Word()}. "
                        + "'hpcfit convert' converts all kinds."
            );
        }
        return modality;
    }
}
