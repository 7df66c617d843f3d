using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The voxels of a group mask: cells above 0, in the order of numpy.nonzero.</summary>
internal sealed class VoxelSpace : ElementSpace
{
    private readonly ImageHeader _mask;

    /// <summary>Reads the mask.</summary>
    /// <exception cref="BadInputException">It cannot be read, is not a volume, or has no voxel above 0.</exception>
    public VoxelSpace(string maskPath)
    {
        _mask = SingleVolume.From(ImageFile.ReadPlaced(maskPath));
        Grid = MaskGrid.Read(_mask);
        Tables = [ElementTables.Voxels(_mask, Grid.Cells!)];
    }

    /// <inheritdoc/>
    public override ElementGrid Grid { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Content> Tables { get; }

    /// <inheritdoc/>
    public override ImageHeader Open(string path)
    {
        var image = SingleVolume.From(ImageFile.ReadPlaced(path));
        RequireShape(image, _mask.Shape, $"the mask '{_mask.Path}'");
        var (place, wanted) = (Place(image), Place(_mask));
        var shift = place.LargestDisplacement(wanted, _mask.Shape);
        if (!(shift <= Affine.LargestShift))
        {
            throw new BadInputException(
                $"'{path}' is at another position than the mask '{_mask.Path}': the same cell is up to {shift:G3} cell edges away. Its "
                    + $"affine is {place}, the mask's {wanted}. "
                    + "Resample both to one grid: mrtransform -template, flirt -applyxfm or antsApplyTransforms."
            );
        }
        return image;
    }

    /// <inheritdoc/>
    public override ImageHeader OpenMask(string path) => Open(path);

    private static Affine Place(ImageHeader image) =>
        image.Affine
        ?? throw new BadInputException(
            $"'{image.Path}' has no line 'transform', so its position cannot be compared. mrconvert writes one."
        );
}
