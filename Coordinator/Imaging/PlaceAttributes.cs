using HpcFit.Coordinator.Imaging.Cifti;
using HpcFit.Coordinator.Writing;

namespace HpcFit.Coordinator.Imaging;

/// <summary>The attributes of a table of elements that hold the grid which its cells are counted on: docs/formats/data-file.md.</summary>
internal static class PlaceAttributes
{
    /// <summary>Cells along the three axes (int64).</summary>
    public const string Shape = "shape";

    /// <summary>From cells to millimetres, 4 x 4 (float64), as nibabel's <c>affine</c>.</summary>
    public const string Affine = "affine";

    /// <summary>The digest of a CIFTI axis (text): <see cref="CiftiAxis.Digest"/>.</summary>
    public const string Positions = "positions";

    /// <summary>The attributes of a CIFTI axis.</summary>
    public static IEnumerable<AttributeContent> Of(CiftiAxis axis) =>
        [AttributeContent.Text(Positions, axis.Digest), .. axis.Volume is { } volume ? Of(volume.Shape, volume.Affine) : []];

    /// <summary>The attributes of a grid; without an affine where the image has none.</summary>
    public static IEnumerable<AttributeContent> Of(IReadOnlyList<int> shape, Affine? affine)
    {
        yield return AttributeContent.Integers(Shape, [.. shape.Select(extent => (long)extent)]);
        if (affine is not null) yield return AttributeContent.Numbers(Affine, [.. affine.Rows, 0, 0, 0, 1]) with { Shape = [4, 4] };
    }
}
