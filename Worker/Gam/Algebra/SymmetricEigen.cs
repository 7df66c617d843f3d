namespace HpcFit.Worker.Gam.Algebra;

/// <summary>
/// Eigenvalues (ascending) and orthonormal eigenvectors (columns) of a symmetric matrix, by Householder reduction to tridiagonal form and
/// the implicitly shifted QL iteration. The order of all operations is fixed, so the same matrix gives the same bits everywhere.
/// </summary>
/// <remarks>Golub and Van Loan, Matrix Computations (4th ed. 2013), §8.3; Parlett, The Symmetric Eigenvalue Problem (1998), ch. 8.</remarks>
internal sealed class SymmetricEigen
{
    /// <summary>Decomposes <paramref name="matrix"/>, of which the lower triangle is read.</summary>
    public SymmetricEigen(DenseMatrix matrix)
    {
        var n = matrix.Rows;
        Values = new double[n];
        var offDiagonal = new double[n];
        // Rows of vectors are the eigenvectors while it works: QL then turns contiguous rows.
        var vectors = DenseMatrix.Identity(n);
        Tridiagonalise(matrix, Values, offDiagonal, vectors);
        Iterate(Values, offDiagonal, vectors);
        Vectors = Sort(Values, vectors);
    }

    /// <summary>The eigenvalues, ascending.</summary>
    public double[] Values { get; }

    /// <summary>The eigenvectors as columns, in the order of <see cref="Values"/>.</summary>
    public DenseMatrix Vectors { get; }

    private static void Tridiagonalise(DenseMatrix matrix, double[] diagonal, double[] offDiagonal, DenseMatrix vectors)
    {
        var n = matrix.Rows;
        var work = new DenseMatrix(n, n);
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++) work[i, j] = work[j, i] = matrix[i, j];
        var v = new double[n];
        var p = new double[n];
        for (var k = 0; k < n - 2; k++)
        {
            var norm2 = 0.0;
            for (var i = k + 1; i < n; i++) norm2 += work[i, k] * work[i, k];
            var norm = Math.Sqrt(norm2);
            if (norm2 - work[k + 1, k] * work[k + 1, k] <= 0) continue;
            for (var i = k + 1; i < n; i++) v[i] = work[i, k];
            v[k + 1] += work[k + 1, k] >= 0 ? norm : -norm;
            var vv = 0.0;
            for (var i = k + 1; i < n; i++) vv += v[i] * v[i];
            var beta = 2 / vv;
            var vp = 0.0;
            for (var i = k; i < n; i++)
            {
                var sum = 0.0;
                for (var j = k + 1; j < n; j++) sum += work[i, j] * v[j];
                p[i] = beta * sum;
                if (i > k) vp += v[i] * p[i];
            }
            var half = beta * vp / 2;
            v[k] = 0;
            for (var i = k + 1; i < n; i++) p[i] -= half * v[i];
            for (var i = k; i < n; i++)
                for (var j = k; j < n; j++) work[i, j] -= v[i] * p[j] + p[i] * v[j];
            Reflect(vectors, v, beta, k + 1);
        }
        for (var i = 0; i < n; i++)
        {
            diagonal[i] = work[i, i];
            if (i + 1 < n) offDiagonal[i] = work[i + 1, i];
        }
    }

    private static void Reflect(DenseMatrix vectors, double[] v, double beta, int first)
    {
        var n = vectors.Rows;
        var sums = new double[n];
        for (var i = first; i < n; i++)
        {
            var row = vectors.Row(i);
            for (var j = 0; j < n; j++) sums[j] += v[i] * row[j];
        }
        for (var i = first; i < n; i++)
        {
            var row = vectors.Row(i);
            var factor = beta * v[i];
            for (var j = 0; j < n; j++) row[j] -= factor * sums[j];
        }
    }

    private static void Iterate(double[] d, double[] e, DenseMatrix vectors)
    {
        var n = d.Length;
        for (var l = 0; l < n; l++)
        {
            for (var iteration = 0; ; iteration++)
            {
                var m = l;
                for (; m < n - 1; m++)
                {
                    var size = Math.Abs(d[m]) + Math.Abs(d[m + 1]);
                    if (Math.Abs(e[m]) <= 1.1e-16 * size) break;
                }
                if (m == l) break;
                if (iteration == 100) throw new ArithmeticException($"The QL iteration did not separate eigenvalue {l} of a {n} x {n} matrix; it holds non-finite values.");
                Sweep(d, e, vectors, l, m);
            }
        }
    }

    private static void Sweep(double[] d, double[] e, DenseMatrix vectors, int l, int m)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        var r = Math.Sqrt(g * g + 1);
        g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
        double s = 1, c = 1, p = 0;
        for (var i = m - 1; i >= l; i--)
        {
            var f = s * e[i];
            var b = c * e[i];
            r = Math.Sqrt(f * f + g * g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            Rotate(vectors.Row(i), vectors.Row(i + 1), c, s);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    private static void Rotate(Span<double> lower, Span<double> upper, double c, double s)
    {
        for (var j = 0; j < lower.Length; j++)
        {
            var kept = upper[j];
            upper[j] = s * lower[j] + c * kept;
            lower[j] = c * lower[j] - s * kept;
        }
    }

    private static DenseMatrix Sort(double[] values, DenseMatrix rows)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ThenBy(i => i).ToArray();
        var sorted = order.Select(i => values[i]).ToArray();
        sorted.CopyTo(values, 0);
        var columns = new DenseMatrix(rows.Columns, rows.Rows);
        for (var j = 0; j < order.Length; j++)
            for (var i = 0; i < rows.Columns; i++) columns[i, j] = rows[order[j], i];
        return columns;
    }
}
