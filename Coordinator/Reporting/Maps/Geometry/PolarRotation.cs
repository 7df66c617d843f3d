namespace HpcFit.Coordinator.Reporting.Maps.Geometry;

/// <summary>The orthogonal factor of a 3 x 3 matrix: the rotation (with mirroring) closest to it.</summary>
internal static class PolarRotation
{
    private const int MostSteps = 100;
    private const double Converged = 1e-14;

    /// <summary>
    /// Newton's iteration, which averages a matrix with its transposed inverse (Higham 1986, SIAM J. Sci. Stat. Comput. 7:1160).
    /// </summary>
    /// <param name="matrix">Row-major.</param>
    /// <returns>Row-major; null if the matrix is singular.</returns>
    public static double[]? TryFind(double[] matrix)
    {
        var x = matrix;
        for (var step = 0; step < MostSteps; step++)
        {
            if (Matrix3.TryInvert(x) is not { } inverse)
                return null;
            var (next, change) = (new double[9], 0.0);
            for (var cell = 0; cell < 9; cell++)
            {
                next[cell] = (x[cell] + inverse[(cell % 3 * 3) + (cell / 3)]) / 2;
                change = Math.Max(change, Math.Abs(next[cell] - x[cell]));
            }
            x = next;
            if (change < Converged)
                break;
        }
        return x;
    }
}
