namespace HpcFit.Worker.Algebra;

/// <summary>The singular value decomposition <c>M V = U diag(σ)</c> by rotating pairs of columns until all are orthogonal.</summary>
/// <remarks>
/// One-sided Jacobi: Golub and Van Loan 2013, §8.6.3; small singular values of a matrix with columns of very different lengths keep their
/// relative accuracy (Demmel and Veselić 1992, SIAM J. Matrix Anal. Appl. 13, 1204-1245), which penalised bases need.
/// </remarks>
internal sealed class OrthogonalColumns
{
    private const double Tolerance = 1e-15;
    private const int MaxSweeps = 60;

    /// <summary>Decomposes a matrix of any shape.</summary>
    public OrthogonalColumns(DenseMatrix matrix)
    {
        var n = matrix.Columns;
        var columns = matrix.Transposed();
        var rotations = DenseMatrix.Identity(n);
        for (var sweep = 0; sweep < MaxSweeps && Sweep(columns, rotations); sweep++) { }
        var lengths = Enumerable.Range(0, n).Select(j => Math.Sqrt(FixedOrder.Dot(columns.Row(j), columns.Row(j)))).ToArray();
        var order = Enumerable.Range(0, n).OrderByDescending(j => lengths[j]).ThenBy(j => j).ToArray();
        Values = [.. order.Select(j => lengths[j])];
        V = rotations.Transposed().TakeColumns(order);
        U = new DenseMatrix(matrix.Rows, n);
        for (var j = 0; j < n; j++)
        {
            // The remainder of a dependent column is rounding error, without a direction.
            if (Values[j] <= 1e-14 * Values[0])
                Values[j] = 0;
            else
                for (var i = 0; i < matrix.Rows; i++)
                    U[i, j] = columns[order[j], i] / Values[j];
        }
    }

    /// <summary>σ, descending.</summary>
    public double[] Values { get; }

    /// <summary>The left singular vectors as columns; zero where σ is zero.</summary>
    public DenseMatrix U { get; }

    /// <summary>The right singular vectors as columns.</summary>
    public DenseMatrix V { get; }

    private static bool Sweep(DenseMatrix columns, DenseMatrix rotations)
    {
        var turned = false;
        for (var a = 0; a < columns.Rows; a++)
        for (var b = a + 1; b < columns.Rows; b++)
        {
            Span<double> x = columns.Row(a),
                y = columns.Row(b);
            double xx = FixedOrder.Dot(x, x),
                yy = FixedOrder.Dot(y, y),
                xy = FixedOrder.Dot(x, y);
            if (!(Math.Abs(xy) > Tolerance * Math.Sqrt(xx) * Math.Sqrt(yy)))
                continue;
            turned = true;
            var zeta = (yy - xx) / (2 * xy);
            var tangent = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
            var cosine = 1 / Math.Sqrt(1 + tangent * tangent);
            Rotate(x, y, cosine, cosine * tangent);
            Rotate(rotations.Row(a), rotations.Row(b), cosine, cosine * tangent);
        }
        return turned;
    }

    private static void Rotate(Span<double> x, Span<double> y, double cosine, double sine)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var kept = x[i];
            x[i] = cosine * kept - sine * y[i];
            y[i] = sine * kept + cosine * y[i];
        }
    }
}
