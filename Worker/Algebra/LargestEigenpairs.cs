namespace HpcFit.Worker.Algebra;

/// <summary>
/// The eigenpairs of largest magnitude of a symmetric matrix, by Lanczos iteration with full reorthogonalisation from a fixed start: cubic
/// time only in the small number of steps.
/// </summary>
/// <remarks>Golub and Van Loan 2013, §10.1-10.3; Wood 2003, §5, which uses it for thin plate splines.</remarks>
internal static class LargestEigenpairs
{
    private const double Tolerance = 1e-15;

    /// <summary>Writes the product of the matrix with a vector.</summary>
    public delegate void Product(ReadOnlySpan<double> vector, Span<double> product);

    /// <summary>
    /// The <paramref name="count"/> eigenvalues of largest magnitude, descending by value, and their eigenvectors as columns.
    /// </summary>
    public static (double[] Values, DenseMatrix Vectors) Compute(DenseMatrix matrix, int count)
    {
        void Multiply(ReadOnlySpan<double> vector, Span<double> product)
        {
            for (var i = 0; i < product.Length; i++)
                product[i] = FixedOrder.Dot(matrix.Row(i), vector);
        }

        return Compute(Multiply, () => matrix, matrix.Rows, count);
    }

    /// <summary>
    /// The same for a matrix of <paramref name="n"/> rows given by its products with vectors; the matrix itself is used if the iteration
    /// converges too slowly.
    /// </summary>
    public static (double[] Values, DenseMatrix Vectors) Compute(Product multiply, Func<DenseMatrix> matrix, int n, int count)
    {
        for (var steps = Math.Min(n, 2 * count + 20); steps < n; steps = Math.Min(n, 2 * steps))
            if (TryLanczos(multiply, n, count, steps) is { } found)
                return found;
        var eigen = new SymmetricEigen(matrix());
        var chosen = Largest(eigen.Values, count);
        return ([.. chosen.Select(i => eigen.Values[i])], eigen.Vectors.TakeColumns(chosen));
    }

    private static int[] Largest(double[] ascending, int count) =>
        [
            .. Enumerable
                .Range(0, ascending.Length)
                .OrderByDescending(i => Math.Abs(ascending[i]))
                .ThenBy(i => i)
                .Take(count)
                .OrderDescending(),
        ];

    private static (double[], DenseMatrix)? TryLanczos(Product multiply, int n, int count, int steps)
    {
        var basis = new DenseMatrix(steps, n);
        var tridiagonal = new DenseMatrix(steps, steps);
        // A start with weight on every eigenvector: fixed, irregular, never symmetric about the middle.
        uint state = 12345;
        for (var i = 0; i < n; i++)
        {
            state = unchecked(state * 1664525 + 1013904223);
            basis[0, i] = state / (double)uint.MaxValue - 0.5;
        }
        Scale(basis.Row(0), 1 / Math.Sqrt(FixedOrder.Dot(basis.Row(0), basis.Row(0))));
        var next = new double[n];
        var rest = 0.0;
        for (var step = 0; step < steps; step++)
        {
            multiply(basis.Row(step), next);
            tridiagonal[step, step] = FixedOrder.Dot(next, basis.Row(step));
            for (var pass = 0; pass < 2; pass++)
            for (var j = 0; j <= step; j++)
            {
                var row = basis.Row(j);
                var dot = FixedOrder.Dot(next, row);
                FixedOrder.Add(-dot, row, next);
            }
            rest = Math.Sqrt(FixedOrder.Dot(next, next));
            if (step + 1 == steps)
                break;
            if (rest == 0)
                return null;
            tridiagonal[step + 1, step] = tridiagonal[step, step + 1] = rest;
            for (var i = 0; i < n; i++)
                basis[step + 1, i] = next[i] / rest;
        }
        var eigen = new SymmetricEigen(tridiagonal);
        var chosen = Largest(eigen.Values, count);
        var size = eigen.Values.Max(Math.Abs);
        if (chosen.Any(i => Math.Abs(rest * eigen.Vectors[steps - 1, i]) > Tolerance * size))
            return null;
        return ([.. chosen.Select(i => eigen.Values[i])], basis.Transposed().Times(eigen.Vectors.TakeColumns(chosen)));
    }

    private static void Scale(Span<double> values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] *= factor;
    }
}
