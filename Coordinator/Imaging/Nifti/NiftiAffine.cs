namespace HpcFit.Coordinator.Imaging.Nifti;

/// <summary>Where a NIfTI file's cells lie: by its affine rows, else by its quaternion, else by the cells' sizes alone.</summary>
/// <remarks>nifti1.h, "3D image (volume) orientation and location in space", methods 3, 2 and 1.</remarks>
internal static class NiftiAffine
{
    /// <summary>The affine.</summary>
    public static Affine Of(NiftiFields fields, IReadOnlyList<int> shape) =>
        fields.AffineCode > 0 ? new([.. Enumerable.Range(0, 12).Select(fields.AffineRow)])
        : fields.QuaternionCode > 0 ? OfQuaternion(fields)
        : OfSizes(fields, shape);

    private static Affine OfQuaternion(NiftiFields fields)
    {
        var (b, c, d) = (fields.Quaternion(0), fields.Quaternion(1), fields.Quaternion(2));
        var a = Math.Sqrt(Math.Max(0, 1 - ((b * b) + (c * c) + (d * d))));
        double[] rotation =
        [
            (a * a) + (b * b) - (c * c) - (d * d), 2 * ((b * c) - (a * d)), 2 * ((b * d) + (a * c)),
            2 * ((b * c) + (a * d)), (a * a) + (c * c) - (b * b) - (d * d), 2 * ((c * d) - (a * b)),
            2 * ((b * d) - (a * c)), 2 * ((c * d) + (a * b)), (a * a) + (d * d) - (c * c) - (b * b),
        ];
        double[] sizes = [fields.PixDim(1), fields.PixDim(2), fields.PixDim(3) * (fields.PixDim(0) < 0 ? -1 : 1)];
        var rows = new double[12];
        for (var row = 0; row < 3; row++)
        {
            for (var axis = 0; axis < 3; axis++) rows[(row * 4) + axis] = rotation[(row * 3) + axis] * sizes[axis];
            rows[(row * 4) + 3] = fields.Quaternion(3 + row);
        }
        return new(rows);
    }

    private static Affine OfSizes(NiftiFields fields, IReadOnlyList<int> shape)
    {
        var rows = new double[12];
        for (var axis = 0; axis < 3; axis++)
        {
            var size = axis < shape.Count ? fields.PixDim(axis + 1) : 1;
            rows[(axis * 4) + axis] = size;
            rows[(axis * 4) + 3] = axis < shape.Count ? -size * (shape[axis] - 1) / 2 : 0;
        }
        return new(rows);
    }
}
