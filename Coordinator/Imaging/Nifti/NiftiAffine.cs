using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Nifti;

/// <summary>The affine of a NIfTI file: from its affine rows, else from its quaternion, else from the cell sizes alone.</summary>
/// <remarks>
/// nifti1.h, "3D image (volume) orientation and location in space", methods 3, 2 and 1. Where the standard is silent, nibabel's rules
/// apply:
/// without either code the first axis points to the left; sizes of 0 become 1, and negative ones positive.
/// </remarks>
internal static class NiftiAffine
{
    private const int LargestCode = 5; // NIFTI_XFORM_TEMPLATE_OTHER

    /// <summary>Reads the affine.</summary>
    /// <exception cref="BadInputException">The header's codes are not defined by the standard, or the affine is not finite.</exception>
    public static Affine From(NiftiFields fields, IReadOnlyList<int> shape, string path)
    {
        RequireCode(fields.AffineCode, "sform_code", path);
        RequireCode(fields.QuaternionCode, "qform_code", path);
        var affine =
            fields.AffineCode > 0 ? new Affine([.. Enumerable.Range(0, 12).Select(fields.AffineRow)])
            : fields.QuaternionCode > 0 ? OfQuaternion(fields, path)
            : OfSizes(fields, shape);
        return affine.Rows.All(double.IsFinite)
            ? affine
            : throw new BadInputException(
                $"'{path}' is damaged: its header locates the cells by {Source(fields)}, which gives the affine {affine}. Correct it "
                    + "with nibabel or "
                    + "fslorient."
            );
    }

    private static string Source(NiftiFields fields) =>
        fields.AffineCode > 0 ? "the sform"
        : fields.QuaternionCode > 0 ? "the qform"
        : "the cells' sizes (sform_code and qform_code are 0)";

    private static void RequireCode(int code, string field, string path)
    {
        if (code is < 0 or > LargestCode)
            throw new BadInputException($"'{path}' has the {field} {code}; the standard defines 0 to {LargestCode}.");
    }

    private static Affine OfQuaternion(NiftiFields fields, string path)
    {
        var (b, c, d) = (fields.Quaternion(0), fields.Quaternion(1), fields.Quaternion(2));
        var square = 1 - ((b * b) + (c * c) + (d * d));
        if (square < -3 * (fields.Version == 1 ? Math.ScaleB(1, -23) : double.BitIncrement(1) - 1))
            throw new BadInputException(
                $"'{path}' is damaged: its quaternion ({b:G6}, {c:G6}, {d:G6}) is longer than 1, so it is not a rotation."
            );
        var a = Math.Sqrt(Math.Max(0, square));
        double[] rotation =
        [
            (a * a) + (b * b) - (c * c) - (d * d),
            2 * ((b * c) - (a * d)),
            2 * ((b * d) + (a * c)),
            2 * ((b * c) + (a * d)),
            (a * a) + (c * c) - (b * b) - (d * d),
            2 * ((c * d) - (a * b)),
            2 * ((b * d) - (a * c)),
            2 * ((c * d) + (a * b)),
            (a * a) + (d * d) - (c * c) - (b * b),
        ];
        double[] sizes = [Size(fields, 0), Size(fields, 1), Size(fields, 2) * Handedness(fields, path)];
        var rows = new double[12];
        for (var row = 0; row < 3; row++)
        {
            for (var axis = 0; axis < 3; axis++)
                rows[(row * 4) + axis] = rotation[(row * 3) + axis] * sizes[axis];
            rows[(row * 4) + 3] = fields.Quaternion(3 + row);
        }
        return new(rows);
    }

    /// <summary>1, or -1 if the third axis is mirrored. Readers disagree about other negative numbers.</summary>
    private static int Handedness(NiftiFields fields, string path) =>
        fields.PixDim(0) switch
        {
            -1 => -1,
            < 0 => throw new BadInputException($"'{path}' has the pixdim[0] {fields.PixDim(0):G6}; with a qform it must be -1, 0 or 1."),
            _ => 1,
        };

    private static Affine OfSizes(NiftiFields fields, IReadOnlyList<int> shape)
    {
        var rows = new double[12];
        for (var axis = 0; axis < 3; axis++)
        {
            var size = (axis < shape.Count ? Size(fields, axis) : 1) * (axis == 0 ? -1 : 1);
            rows[(axis * 4) + axis] = size;
            rows[(axis * 4) + 3] = axis < shape.Count ? -size * (shape[axis] - 1) / 2 : 0;
        }
        return new(rows);
    }

    private static double Size(NiftiFields fields, int axis) => fields.PixDim(axis + 1) is var size && size == 0 ? 1 : Math.Abs(size);
}
