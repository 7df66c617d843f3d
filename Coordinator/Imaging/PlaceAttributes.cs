using HpcFit.Coordinator.Imaging.Cifti;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging;

/// <summary>The attributes of a table of elements: docs/formats/data-file.md.</summary>
/// <param name="Shape">Number of cells along the three axes of the table's grid; null: missing.</param>
/// <param name="Affine">From cells to millimetres; null: missing.</param>
/// <param name="Positions"><see cref="CiftiAxis.Digest"/>; null: missing.</param>
internal sealed record PlaceAttributes(IReadOnlyList<long>? Shape, Affine? Affine, string? Positions)
{
    /// <summary>The attribute of the table of greyordinates that counts the vertices of each structure's surface; 0: voxels.</summary>
    public const string SurfaceVertices = "surface_vertices";

    private const string ShapeName = "shape";
    private const string AffineName = "affine";
    private const string PositionsName = "positions";

    /// <summary>The attributes of a CIFTI axis.</summary>
    public static IEnumerable<AttributeContent> Create(CiftiAxis axis) =>
        [AttributeContent.Text(PositionsName, axis.Digest), .. axis.Volume is { } volume ? Create(volume.Shape, volume.Affine) : []];

    /// <summary>The attributes of a grid, without an affine if the image has none.</summary>
    public static IEnumerable<AttributeContent> Create(IReadOnlyList<int> shape, Affine? affine)
    {
        yield return AttributeContent.Integers(ShapeName, [.. shape.Select(extent => (long)extent)]);
        if (affine is not null)
            yield return AttributeContent.Numbers(AffineName, [.. affine.Rows, 0, 0, 0, 1]) with
            {
                Shape = [4, 4],
            };
    }

    /// <summary>Reads the attributes of a table; those of another type count as missing.</summary>
    public static PlaceAttributes Read(Hdf5DatasetHandle table, string subject) =>
        new(
            Hdf5Numbers.ReadAttribute(table.Id, ShapeName, subject) is { Length: 3 } shape
                ? [.. shape.Select(extent => (long)extent)]
                : null,
            Hdf5Numbers.ReadAttribute(table.Id, AffineName, subject) is { Length: 16 } rows ? new(rows[..12]) : null,
            Hdf5Strings.ReadAttribute(table.Id, PositionsName, subject) is [var positions] ? positions : null
        );

    /// <summary>The difference of a grid from that of the table; null: none, or the table has no grid.</summary>
    public string? Difference(IReadOnlyList<int> shape, Affine? affine)
    {
        if (Shape is not null && !Shape.SequenceEqual(shape.Select(extent => (long)extent)))
            return $"its grid has {string.Join(" x ", shape)} cells, that of the data {string.Join(" x ", Shape)}";
        if (Affine is null || affine is null)
            return null;
        var shift = affine.LargestDisplacement(Affine, shape);
        return shift <= Affine.LargestShift
            ? null
            : $"it places the same cell up to {shift:G3} cell edges away: its affine is {affine}, that of the data {Affine}";
    }
}
