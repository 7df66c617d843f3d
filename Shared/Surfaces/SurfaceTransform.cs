namespace HpcFit.Shared.Surfaces;

/// <summary>A coordinate transform that a GIfTI file describes. HpcFit reports it and does not apply it.</summary>
/// <param name="From">The space of the file's coordinates, such as <c>NIFTI_XFORM_TALAIRACH</c>.</param>
/// <param name="To">The space into which the matrix leads.</param>
/// <param name="Matrix">Its 16 numbers, row by row.</param>
public sealed record SurfaceTransform(string From, string To, double[] Matrix)
{
    private const double Precision = 1e-6;

    /// <summary>Whether the matrix leaves coordinates as they are.</summary>
    public bool IsIdentity
    {
        get
        {
            for (var at = 0; at < Matrix.Length; at++)
            {
                if (Math.Abs(Matrix[at] - (at % 5 == 0 ? 1 : 0)) > Precision)
                    return false;
            }
            return true;
        }
    }
}
