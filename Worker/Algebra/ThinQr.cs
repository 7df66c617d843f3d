namespace HpcFit.Worker.Algebra;

/// <summary>The thin factorisation <c>X = Q R</c>, R with a positive diagonal, by Gram-Schmidt orthogonalisation done twice.</summary>
/// <remarks>Giraud, Langou, Rozložník and van den Eshof 2005, Numer. Math. 101, 87-100: twice is enough.</remarks>
internal sealed class ThinQr
{
    /// <summary>
    /// Factors <paramref name="x"/> (rows × p, rows ≥ p); columns that depend on earlier ones to within 1e-7 are in
    /// <see cref="Dependent"/>.
    /// </summary>
    public ThinQr(DenseMatrix x)
    {
        int n = x.Rows,
            p = x.Columns;
        Q = new DenseMatrix(n, p);
        R = new DenseMatrix(p, p);
        var work = x.Transposed();
        var dependent = new List<int>();

        var q = new DenseMatrix(p, n);
        for (var j = 0; j < p; j++)
        {
            var column = work.Row(j);
            var size = Norm(column);
            for (var pass = 0; pass < 2; pass++)
            for (var i = 0; i < j; i++)
            {
                var basis = q.Row(i);
                var dot = FixedOrder.Dot(basis, column);
                R[i, j] += dot;
                FixedOrder.Add(-dot, basis, column);
            }
            var rest = Norm(column);
            if (rest <= 1e-7 * size)
            {
                dependent.Add(j);
                continue;
            }
            R[j, j] = rest;
            for (var r = 0; r < n; r++)
                q[j, r] = column[r] / rest;
        }
        for (var j = 0; j < p; j++)
        for (var r = 0; r < n; r++)
            Q[r, j] = q[j, r];
        Dependent = dependent;
    }

    /// <summary>Orthonormal columns: rows × p (zero where a column depends on earlier ones).</summary>
    public DenseMatrix Q { get; }

    /// <summary>Upper triangular: p × p.</summary>
    public DenseMatrix R { get; }

    /// <summary>Columns that depend on earlier ones.</summary>
    public IReadOnlyList<int> Dependent { get; }

    private static double Norm(ReadOnlySpan<double> values) => Math.Sqrt(FixedOrder.Dot(values, values));
}
