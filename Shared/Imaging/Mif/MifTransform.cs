using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Shared.Imaging.Mif;

/// <summary>The affine of an MRtrix image: the lines 'transform' rotate and shift cells of the sizes in the line 'vox'.</summary>
/// <remarks>
/// MRtrix3 documentation, "Coordinate system": the transform is in millimetres, so cells are multiplied by their sizes first.
/// </remarks>
internal static class MifTransform
{
    private const string Name = "transform";

    /// <summary>The affine; null if the header has no transform.</summary>
    /// <exception cref="BadInputException">The lines do not contain three finite rows of four numbers and three sizes.</exception>
    public static Affine? From(IReadOnlyList<MifLine> lines, IReadOnlyList<int> shape, string path)
    {
        double[] rows =
        [
            .. lines.Where(line => line.Name == Name).SelectMany(line => MifLine.Numbers(Name, line.Value.Split('#')[0], path)),
        ];
        if (rows.Length == 0 || shape.Count < 3)
            return null;
        var sizes = MifLine.Numbers(lines, "vox", path);
        if (rows.Length < 12 || sizes.Length < 3 || !rows.All(double.IsFinite) || !sizes.Take(3).All(double.IsFinite))
            throw new BadInputException(
                $"'{path}' is damaged: its lines 'transform' and 'vox' do not contain three rows of four finite numbers and three sizes."
            );
        return new([.. Enumerable.Range(0, 12).Select(at => at % 4 == 3 ? rows[at] : rows[at] * sizes[at % 4])]);
    }
}
