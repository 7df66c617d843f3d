using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// The two null vectors of a penalty, which an eigendecomposition determines only up to a rotation. The reduction to tridiagonal form that
/// mgcv uses (LAPACK's) splits off the one whose first component is zero; shrinkage and t2 smooths depend on that choice.
/// </summary>
internal static class NullVectors
{
    /// <summary>Rotates two orthonormal columns so that the first begins with zero; other numbers of columns are unchanged.</summary>
    public static DenseMatrix ZeroFirst(DenseMatrix vectors)
    {
        if (vectors.Columns != 2)
            return vectors;
        double a = vectors[0, 0],
            b = vectors[0, 1],
            norm = Math.Sqrt(a * a + b * b);
        if (norm == 0)
            return vectors;
        double c = b / norm,
            s = a / norm;
        var turned = new DenseMatrix(vectors.Rows, 2);
        for (var i = 0; i < vectors.Rows; i++)
        {
            turned[i, 0] = c * vectors[i, 0] - s * vectors[i, 1];
            turned[i, 1] = s * vectors[i, 0] + c * vectors[i, 1];
        }
        return turned;
    }
}
