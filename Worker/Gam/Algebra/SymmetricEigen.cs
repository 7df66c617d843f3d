namespace HpcFit.Worker.Gam.Algebra;

/// <summary>
/// Eigenvalues (ascending) and orthonormal eigenvectors (columns) of a symmetric matrix, by Householder reduction to tridiagonal form and
/// the implicitly shifted QL iteration. The order of all operations is fixed, so the same matrix gives the same bits everywhere.
/// </summary>
/// <remarks>Golub and Van Loan, Matrix Computations (4th ed. 2013), §8.3; Parlett, The Symmetric Eigenvalue Problem (1998), ch. 8.</remarks>
internal sealed class SymmetricEigen
{
    private readonly int n;
    private readonly double[] offDiagonal;
    private readonly double[] reflector;
    private readonly double[] products;
    private readonly DenseMatrix work;
    private readonly DenseMatrix rows;       // the eigenvectors while it works: QL then turns contiguous rows
    private readonly int[] order;
    private readonly double[] unsorted;

    /// <summary>Makes the workspace for matrices of <paramref name="size"/> rows; allocates nothing afterwards.</summary>
    public SymmetricEigen(int size)
    {
        n = size;
        (Values, offDiagonal, reflector, products, unsorted) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        (work, rows, Vectors) = (new DenseMatrix(n, n), new DenseMatrix(n, n), new DenseMatrix(n, n));
        order = new int[n];
    }

    /// <summary>Decomposes <paramref name="matrix"/>, of which the lower triangle is read.</summary>
    public SymmetricEigen(DenseMatrix matrix)
        : this(matrix.Rows) => Decompose(matrix);

    /// <summary>The eigenvalues, ascending.</summary>
    public double[] Values { get; }

    /// <summary>The eigenvectors as columns, in the order of <see cref="Values"/>.</summary>
    public DenseMatrix Vectors { get; }

    /// <summary>Decomposes <paramref name="matrix"/>, of which the lower triangle is read.</summary>
    public void Decompose(DenseMatrix matrix)
    {
        Array.Clear(rows.Values);
        for (var i = 0; i < n; i++) rows[i, i] = 1;
        Array.Clear(offDiagonal);
        Tridiagonalise(matrix);
        Iterate(Values, offDiagonal, rows);
        Sort();
    }

    private void Tridiagonalise(DenseMatrix matrix)
    {
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++) work[i, j] = work[j, i] = matrix[i, j];
        var (v, p) = (reflector, products);
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
                p[i] = beta * FixedOrder.Dot(work.Row(i)[(k + 1)..], v.AsSpan(k + 1));
                if (i > k) vp += v[i] * p[i];
            }
            var half = beta * vp / 2;
            v[k] = 0;
            for (var i = k + 1; i < n; i++) p[i] -= half * v[i];
            for (var i = k; i < n; i++)
            {
                var row = work.Row(i)[k..];
                FixedOrder.Add(-v[i], p.AsSpan(k), row);
                FixedOrder.Add(-p[i], v.AsSpan(k), row);
            }
            Reflect(v, beta, k + 1);
        }
        for (var i = 0; i < n; i++)
        {
            Values[i] = work[i, i];
            if (i + 1 < n) offDiagonal[i] = work[i + 1, i];
        }
    }

    private void Reflect(double[] v, double beta, int first)
    {
        Array.Clear(unsorted);
        for (var i = first; i < n; i++) FixedOrder.Add(v[i], rows.Row(i), unsorted);
        for (var i = first; i < n; i++) FixedOrder.Add(-beta * v[i], unsorted, rows.Row(i));
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

    private void Sort()
    {
        for (var i = 0; i < n; i++)
        {
            var j = i;
            for (; j > 0 && Values[order[j - 1]] > Values[i]; j--) order[j] = order[j - 1];
            order[j] = i;
        }
        Values.CopyTo(unsorted, 0);
        for (var j = 0; j < n; j++)
        {
            Values[j] = unsorted[order[j]];
            var row = rows.Row(order[j]);
            for (var i = 0; i < n; i++) Vectors[i, j] = row[i];
        }
    }
}
