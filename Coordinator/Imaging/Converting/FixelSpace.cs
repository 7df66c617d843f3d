using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The fixels of an MRtrix fixel folder.</summary>
internal sealed class FixelSpace : ElementSpace
{
    private readonly string _indexPath;
    private readonly FixelGrid _fixels;

    /// <summary>Reads the folder's index and directions.</summary>
    /// <exception cref="BadInputException">They cannot be read, or do not match.</exception>
    public FixelSpace(string indexPath, string directionsPath)
    {
        _indexPath = indexPath;
        var directions = FixelDirections.Open(directionsPath);
        _fixels = FixelGrid.Read(indexPath, directions);
        Grid = new([_fixels.Count], null);
        Tables = [Fixels(FixelDirections.Read(directions)), ElementTables.Voxels(_fixels.Index, _fixels.VoxelCells)];
    }

    /// <inheritdoc/>
    public override ElementGrid Grid { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Content> Tables { get; }

    /// <inheritdoc/>
    public override ImageHeader Open(string path)
    {
        var image = ImageFile.ReadHeader(path);
        if (image.Shape.Skip(1).Any(extent => extent > 1))
            throw new BadInputException(
                $"'{path}' has the shape {image.ShapeText}; fixel data have one value per fixel: {_fixels.Count} x 1 x 1. Check that "
                    + "it is a file of the fixel folder other than its index and directions."
            );
        if (image.Shape[0] != _fixels.Count)
            throw new BadInputException(
                $"'{path}' has values for {image.Shape[0]:N0} fixels; the index image '{_indexPath}' has {_fixels.Count:N0}. All "
                    + "subjects need the template's fixels (fixelcorrespondence)."
            );
        return image with { Shape = [_fixels.Count], Strides = [image.Strides[0]] };
    }

    /// <summary>ModelArrayIO's table, in which the ids are floating point because the directions are.</summary>
    private DatasetContent Fixels(double[] directions)
    {
        double[] Column(Func<int, double> value) => [.. Enumerable.Range(0, _fixels.Count).Select(value)];
        return ElementTables.Numbers(
            "/fixels",
            ("fixel_id", Column(fixel => fixel)),
            ("voxel_id", Column(fixel => _fixels.VoxelOfFixel[fixel])),
            ("x", Column(fixel => directions[3 * fixel])),
            ("y", Column(fixel => directions[(3 * fixel) + 1])),
            ("z", Column(fixel => directions[(3 * fixel) + 2]))
        );
    }
}
