using HpcFit.Coordinator.Writing;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The voxels of a group mask: cells above 0, in the order of numpy.nonzero.</summary>
internal sealed class VoxelSpace : ElementSpace
{
    /// <summary>How far two headers may place the same cell apart, in cell edges: quaternions and affine rows of one scan differ by less.</summary>
    private const double LargestShift = 0.01;

    private readonly ImageHeader _mask;

    /// <summary>Reads the mask.</summary>
    /// <exception cref="BadInputException">It cannot be read, is no volume, or has no voxel above 0.</exception>
    public VoxelSpace(string maskPath)
    {
        _mask = Volume(ImageFile.ReadHeader(maskPath));
        Grid = MaskGrid.Read(_mask);
        Tables = [ElementTables.Voxels(_mask.Shape, Grid.Cells!)];
    }

    /// <inheritdoc/>
    public override ElementGrid Grid { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Content> Tables { get; }

    /// <inheritdoc/>
    public override ImageHeader Open(string path)
    {
        var image = Volume(ImageFile.ReadHeader(path));
        RequireShape(image, _mask.Shape, $"the mask '{_mask.Path}'");
        if (image.Affine is { } place && _mask.Affine is { } wanted && place.LargestDisplacement(wanted, _mask.Shape) is var shift and > LargestShift)
        {
            throw new BadInputException($"'{path}' lies elsewhere than the mask '{_mask.Path}': the same cell is up to {shift:G3} cell edges away. Its "
                + $"affine is {place}, the mask's {wanted}. "
                + "Bring both onto one grid: mrtransform -template, flirt -applyxfm or antsApplyTransforms.");
        }
        return image;
    }

    /// <inheritdoc/>
    public override ImageHeader OpenMask(string path) => Open(path);

    /// <summary>The image as one volume: axes of extent 1 behind the third are left out.</summary>
    private static ImageHeader Volume(ImageHeader image)
    {
        if (image.Shape.Count < 3 || image.Shape.Skip(3).Any(extent => extent > 1))
        {
            throw new BadInputException($"'{image.Path}' has {image.Shape.Count} axes ({image.ShapeText}); one volume of 3 is wanted."
                + (image.Shape.Count > 3 ? " Take one out: mrconvert -coord 3 0 -axes 0,1,2, or fslroi." : ""));
        }
        return image with { Shape = [.. image.Shape.Take(3)], Strides = [.. image.Strides.Take(3)] };
    }
}
