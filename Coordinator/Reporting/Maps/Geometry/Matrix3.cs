namespace HpcFit.Coordinator.Reporting.Maps.Geometry;

/// <summary>3 x 3 matrices, row-major.</summary>
internal static class Matrix3
{
    /// <summary>The smallest determinant of a matrix of unit columns that counts as invertible.</summary>
    private const double LeastDeterminant = 1e-9;

    /// <summary>The inverse by cofactors; null if the columns are (nearly) linearly dependent.</summary>
    public static double[]? TryInvert(double[] m)
    {
        double[] cofactors =
        [
            (m[4] * m[8]) - (m[5] * m[7]),
            (m[2] * m[7]) - (m[1] * m[8]),
            (m[1] * m[5]) - (m[2] * m[4]),
            (m[5] * m[6]) - (m[3] * m[8]),
            (m[0] * m[8]) - (m[2] * m[6]),
            (m[2] * m[3]) - (m[0] * m[5]),
            (m[3] * m[7]) - (m[4] * m[6]),
            (m[1] * m[6]) - (m[0] * m[7]),
            (m[0] * m[4]) - (m[1] * m[3]),
        ];
        var determinant = (m[0] * cofactors[0]) + (m[1] * cofactors[3]) + (m[2] * cofactors[6]);
        var lengths = Length(m, 0) * Length(m, 1) * Length(m, 2);
        return Math.Abs(determinant) > LeastDeterminant * lengths ? [.. cofactors.Select(cofactor => cofactor / determinant)] : null;
    }

    /// <summary>The product with a vector, written over it.</summary>
    public static void Multiply(double[] m, Span<double> vector)
    {
        var (x, y, z) = (vector[0], vector[1], vector[2]);
        for (var row = 0; row < 3; row++)
            vector[row] = (m[row * 3] * x) + (m[(row * 3) + 1] * y) + (m[(row * 3) + 2] * z);
    }

    private static double Length(double[] m, int column) =>
        Math.Sqrt((m[column] * m[column]) + (m[3 + column] * m[3 + column]) + (m[6 + column] * m[6 + column]));
}
