namespace HpcFit.Worker.Algebra;

/// <summary>Solves small dense systems by Gaussian elimination with partial pivoting.</summary>
internal static class LinearSolve
{
    /// <summary>The solution of <c>a x = b</c>.</summary>
    public static DenseMatrix General(DenseMatrix a, DenseMatrix b)
    {
        var n = a.Rows;
        var work = a.ConcatenateColumns(b);
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
                if (Math.Abs(work[i, k]) > Math.Abs(work[pivot, k]))
                    pivot = i;
            if (work[pivot, k] == 0)
                throw new ArithmeticException($"A {n} x {n} system of a spline basis is singular at pivot {k}; its knots coincide.");
            if (pivot != k)
                for (var j = 0; j < work.Columns; j++)
                    (work[k, j], work[pivot, j]) = (work[pivot, j], work[k, j]);
            for (var i = k + 1; i < n; i++)
            {
                var factor = work[i, k] / work[k, k];
                if (factor == 0)
                    continue;
                for (var j = k; j < work.Columns; j++)
                    work[i, j] -= factor * work[k, j];
            }
        }
        var x = new DenseMatrix(n, b.Columns);
        for (var i = n - 1; i >= 0; i--)
        for (var c = 0; c < b.Columns; c++)
        {
            var sum = work[i, n + c];
            for (var j = i + 1; j < n; j++)
                sum -= work[i, j] * x[j, c];
            x[i, c] = sum / work[i, i];
        }
        return x;
    }
}
