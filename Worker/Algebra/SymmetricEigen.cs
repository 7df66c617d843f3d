namespace HpcFit.Worker.Algebra;

/// <summary>
/// Eigenvalues (ascending) and orthonormal eigenvectors (columns) of a symmetric matrix, by Householder reduction to tridiagonal form and
/// the implicitly shifted QL iteration. The order of all operations is fixed, so the same matrix gives the same bits everywhere.
/// </summary>
/// <remarks>
/// Golub and Van Loan, Matrix Computations (4th ed. 2013), §8.3; Parlett, The Symmetric Eigenvalue Problem (1998), ch. 8.
/// </remarks>
internal sealed class SymmetricEigen
{
    private readonly int _n;
    private readonly double[] _offDiagonal;
    private readonly double[] _reflector;
    private readonly double[] _products;
    private readonly DenseMatrix _work;
    private readonly DenseMatrix _rows; // the eigenvectors during the iteration, as rows, so that QL rotates contiguous memory
    private readonly int[] _order;
    private readonly double[] _unsorted;

    /// <summary>Creates a workspace for matrices of <paramref name="size"/> rows; allocates nothing afterwards.</summary>
    public SymmetricEigen(int size)
    {
        _n = size;
        (Values, _offDiagonal, _reflector, _products, _unsorted) = (
            new double[_n],
            new double[_n],
            new double[_n],
            new double[_n],
            new double[_n]
        );
        (_work, _rows, Vectors) = (new DenseMatrix(_n, _n), new DenseMatrix(_n, _n), new DenseMatrix(_n, _n));
        _order = new int[_n];
    }

    /// <summary>Decomposes <paramref name="matrix"/>, of which only the lower triangle is read.</summary>
    public SymmetricEigen(DenseMatrix matrix)
        : this(matrix.Rows) => Decompose(matrix);

    /// <summary>The eigenvalues, ascending.</summary>
    public double[] Values { get; }

    /// <summary>The eigenvectors as columns, in the order of <see cref="Values"/>.</summary>
    public DenseMatrix Vectors { get; }

    /// <summary>Decomposes <paramref name="matrix"/>, of which only the lower triangle is read.</summary>
    public void Decompose(DenseMatrix matrix)
    {
        Array.Clear(_rows.Values);
        for (var i = 0; i < _n; i++)
            _rows[i, i] = 1;
        Array.Clear(_offDiagonal);
        Tridiagonalise(matrix);
        Iterate(Values, _offDiagonal, _rows);
        Sort();
    }

    private void Tridiagonalise(DenseMatrix matrix)
    {
        for (var i = 0; i < _n; i++)
        for (var j = 0; j <= i; j++)
            _work[i, j] = _work[j, i] = matrix[i, j];
        var (v, p) = (_reflector, _products);
        for (var k = 0; k < _n - 2; k++)
        {
            var norm2 = 0.0;
            for (var i = k + 1; i < _n; i++)
                norm2 += _work[i, k] * _work[i, k];
            var norm = Math.Sqrt(norm2);
            if (norm2 - _work[k + 1, k] * _work[k + 1, k] <= 0)
                continue;
            for (var i = k + 1; i < _n; i++)
                v[i] = _work[i, k];
            v[k + 1] += _work[k + 1, k] >= 0 ? norm : -norm;
            var vv = 0.0;
            for (var i = k + 1; i < _n; i++)
                vv += v[i] * v[i];
            var beta = 2 / vv;
            var vp = 0.0;
            for (var i = k; i < _n; i++)
            {
                p[i] = beta * FixedOrder.Dot(_work.Row(i)[(k + 1)..], v.AsSpan(k + 1));
                if (i > k)
                    vp += v[i] * p[i];
            }
            var half = beta * vp / 2;
            v[k] = 0;
            for (var i = k + 1; i < _n; i++)
                p[i] -= half * v[i];
            for (var i = k; i < _n; i++)
            {
                var row = _work.Row(i)[k..];
                FixedOrder.Add(-v[i], p.AsSpan(k), row);
                FixedOrder.Add(-p[i], v.AsSpan(k), row);
            }
            Reflect(v, beta, k + 1);
        }
        for (var i = 0; i < _n; i++)
        {
            Values[i] = _work[i, i];
            if (i + 1 < _n)
                _offDiagonal[i] = _work[i + 1, i];
        }
    }

    private void Reflect(double[] v, double beta, int first)
    {
        Array.Clear(_unsorted);
        for (var i = first; i < _n; i++)
            FixedOrder.Add(v[i], _rows.Row(i), _unsorted);
        for (var i = first; i < _n; i++)
            FixedOrder.Add(-beta * v[i], _unsorted, _rows.Row(i));
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
                    if (Math.Abs(e[m]) <= 1.1e-16 * size)
                        break;
                }
                if (m == l)
                    break;
                if (iteration == 100)
                    throw new ArithmeticException(
                        $"The QL iteration did not separate eigenvalue {l} of a {n} x {n} matrix; it contains non-finite values."
                    );
                Sweep(d, e, vectors, l, m);
            }
        }
    }

    private static void Sweep(double[] d, double[] e, DenseMatrix vectors, int l, int m)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        var r = Math.Sqrt(g * g + 1);
        g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
        double s = 1,
            c = 1,
            p = 0;
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
        for (var i = 0; i < _n; i++)
        {
            var j = i;
            for (; j > 0 && Values[_order[j - 1]] > Values[i]; j--)
                _order[j] = _order[j - 1];
            _order[j] = i;
        }
        Values.CopyTo(_unsorted, 0);
        for (var j = 0; j < _n; j++)
        {
            Values[j] = _unsorted[_order[j]];
            var row = _rows.Row(_order[j]);
            for (var i = 0; i < _n; i++)
                Vectors[i, j] = row[i];
        }
    }
}
