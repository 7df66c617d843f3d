using System.Globalization;
using System.Xml.Linq;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>The grid of a CIFTI file's voxels.</summary>
/// <param name="Shape">Number of cells along the three axes.</param>
/// <param name="Affine">From cells to millimetres.</param>
internal sealed record CiftiVolume(IReadOnlyList<int> Shape, Affine Affine)
{
    private const string Dimensions = "VolumeDimensions";
    private const string Matrix = "TransformationMatrixVoxelIndicesIJKtoXYZ";
    private const int Millimetres = -3;

    /// <summary>Reads the element <c>Volume</c> of a map.</summary>
    /// <exception cref="BadInputException">It is missing, or does not describe a grid.</exception>
    public static CiftiVolume Read(XElement map, string path)
    {
        var volume =
            map.Element("Volume")
            ?? throw new BadInputException($"'{path}' is damaged: it has voxels, but no element Volume that locates them.");
        var extents = ((string?)volume.Attribute(Dimensions) ?? "").Split(',').Select(Extent).ToArray();
        var matrix = volume.Element(Matrix);
        var numbers = (matrix?.Value ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Number).ToArray();
        var exponent = (string?)matrix?.Attribute("MeterExponent") ?? "0";
        var isSound =
            extents.Length == 3
            && extents.All(extent => extent > 0)
            && numbers.Length == 16
            && numbers.All(double.IsFinite)
            && numbers.AsSpan(12).SequenceEqual([0, 0, 0, 1])
            && int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        if (!isSound)
            throw new BadInputException(
                $"'{path}' is damaged: its element Volume has the {Dimensions} '{(string?)volume.Attribute(Dimensions)}', the "
                    + "MeterExponent "
                    + $"'{exponent}' and the matrix '{string.Join(' ', numbers.Take(16).Select(number => $"{number:G6}"))}'; three "
                    + "extents, an integer and an affine of 4 x 4 were expected."
            );
        var scale = Math.Pow(10, int.Parse(exponent, CultureInfo.InvariantCulture) - Millimetres);
        return new(extents, new([.. numbers.Take(12).Select(number => number * scale)]));
    }

    /// <summary>The difference from another grid; null: none.</summary>
    public string? Difference(CiftiVolume other)
    {
        if (!Shape.SequenceEqual(other.Shape))
            return $"their volume has {string.Join(" x ", Shape)} cells instead of {string.Join(" x ", other.Shape)}";
        var shift = Affine.LargestDisplacement(other.Affine, Shape);
        return shift <= Affine.LargestShift
            ? null
            : $"the same voxel is up to {shift:G3} cell edges away, with the affine {Affine} instead of {other.Affine}";
    }

    private static int Extent(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var extent) ? extent : 0;

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
