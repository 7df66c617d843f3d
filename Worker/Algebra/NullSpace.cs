namespace HpcFit.Worker.Algebra;

/// <summary>Orthonormal bases of the null space of a few constraints, in the parameterisations of the reference.</summary>
/// <remarks>
/// Wood 2017 (2nd ed.), §5.4.1 and appendix B.5: both forms are Householder factorisations of the constraints. They differ in the remaining
/// columns, on which penalty norms and REML values depend, so each caller uses the form that gives the reference's numbers.
/// </remarks>
internal static class NullSpace
{
    /// <summary>
    /// <c>A Q = [0, T]</c> (Gill, Murray and Wright 1981, §2.2.5): row i of A is reflected onto the i-th last coordinate; the first k - M
    /// columns of Q are returned. <paramref name="constraints"/> is M × k.
    /// </summary>
    public static DenseMatrix First(DenseMatrix constraints) => Reduce(constraints, fromEnd: true);

    /// <summary><c>Aᵀ = Q [R; 0]</c>: row i of A is reflected onto the i-th coordinate; the last k - M columns of Q are returned.</summary>
    public static DenseMatrix Last(DenseMatrix constraints) => Reduce(constraints, fromEnd: false);

    private static DenseMatrix Reduce(DenseMatrix constraints, bool fromEnd)
    {
        int m = constraints.Rows,
            k = constraints.Columns;
        var rows = new DenseMatrix(m, k);
        constraints.Values.CopyTo(rows.Values, 0);
        var q = DenseMatrix.Identity(k);
        var v = new double[k];
        for (var i = 0; i < m; i++)
        {
            var target = fromEnd ? k - 1 - i : i;
            int from = fromEnd ? 0 : i,
                to = fromEnd ? target : k - 1;
            var norm2 = 0.0;
            for (var j = from; j <= to; j++)
                norm2 += rows[i, j] * rows[i, j];
            Array.Clear(v);
            for (var j = from; j <= to; j++)
                v[j] = rows[i, j];
            v[target] += rows[i, target] >= 0 ? Math.Sqrt(norm2) : -Math.Sqrt(norm2);
            var vv = 0.0;
            foreach (var value in v)
                vv += value * value;
            if (vv == 0)
                continue;
            ReflectRows(rows, v, 2 / vv);
            ReflectRows(q, v, 2 / vv);
        }
        return q.TakeColumns(Enumerable.Range(fromEnd ? 0 : m, k - m).ToArray());
    }

    private static void ReflectRows(DenseMatrix matrix, double[] v, double beta)
    {
        for (var i = 0; i < matrix.Rows; i++)
        {
            var row = matrix.Row(i);
            var dot = 0.0;
            for (var j = 0; j < v.Length; j++)
                dot += row[j] * v[j];
            dot *= beta;
            for (var j = 0; j < v.Length; j++)
                row[j] -= dot * v[j];
        }
    }
}
