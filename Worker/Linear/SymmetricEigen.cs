namespace HpcFit.Worker.Linear;

/// <summary>Eigenvalues and eigenvectors of small symmetric matrices by cyclic Jacobi rotations.</summary>
/// <remarks>
/// Golub and Van Loan, Matrix Computations, section 8.5: the order of operations is fixed, so the bits are the same everywhere.
/// </remarks>
internal static class SymmetricEigen
{
    private const int MaxSweeps = 60;

    /// <summary>Decomposes A = V diag(λ) V'.</summary>
    /// <param name="matrix">A, order × order, row-major; on return its diagonal holds λ.</param>
    /// <param name="vectors">Receives V, row-major: column j is the eigenvector of entry j of the diagonal.</param>
    /// <param name="order">The order.</param>
    public static void Decompose(Span<double> matrix, Span<double> vectors, int order)
    {
        vectors[..(order * order)].Clear();
        for (var i = 0; i < order; i++)
            vectors[(i * order) + i] = 1;
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var isDiagonal = true;
            for (var p = 0; p < order; p++)
            for (var q = p + 1; q < order; q++)
                isDiagonal &= !Rotate(matrix, vectors, order, p, q);
            if (isDiagonal)
                return;
        }
    }

    /// <summary>Makes entry (p, q) zero; false if it is zero relative to the diagonal.</summary>
    private static bool Rotate(Span<double> a, Span<double> v, int n, int p, int q)
    {
        var entry = a[(p * n) + q];
        if (Math.Abs(entry) <= 1e-17 * (Math.Abs(a[(p * n) + p]) + Math.Abs(a[(q * n) + q])))
            return false;
        var theta = (a[(q * n) + q] - a[(p * n) + p]) / (2 * entry);
        var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        for (var k = 0; k < n; k++)
            (a[(k * n) + p], a[(k * n) + q]) = Turned(a[(k * n) + p], a[(k * n) + q], c, s);
        for (var k = 0; k < n; k++)
            (a[(p * n) + k], a[(q * n) + k]) = Turned(a[(p * n) + k], a[(q * n) + k], c, s);
        for (var k = 0; k < n; k++)
            (v[(k * n) + p], v[(k * n) + q]) = Turned(v[(k * n) + p], v[(k * n) + q], c, s);
        return true;
    }

    private static (double, double) Turned(double x, double y, double c, double s) => ((c * x) - (s * y), (s * x) + (c * y));
}
