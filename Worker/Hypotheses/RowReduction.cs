namespace HpcFit.Worker.Hypotheses;

/// <summary>Gauss-Jordan elimination with partial pivoting (Golub and Van Loan, Matrix Computations, section 3.4).</summary>
internal static class RowReduction
{
    /// <summary>Entries smaller than this, relative to the largest of their row, are rounding errors.</summary>
    private const double Noise = 1e-10;

    /// <summary>
    /// Reduces the leading columns of a matrix in place: pivots become 1, everything above and below them 0. Rows that vanish in the
    /// leading columns come last.
    /// </summary>
    /// <param name="matrix">The rows; reduced in place.</param>
    /// <param name="leading">The number of leading columns.</param>
    /// <returns>The rank of the leading columns.</returns>
    public static int Reduce(List<double[]> matrix, int leading)
    {
        var rank = 0;
        for (var column = 0; column < leading && rank < matrix.Count; column++)
        {
            var pivot = Enumerable.Range(rank, matrix.Count - rank).MaxBy(row => Math.Abs(matrix[row][column]));
            if (Math.Abs(matrix[pivot][column]) < Noise)
                continue;
            (matrix[rank], matrix[pivot]) = (matrix[pivot], matrix[rank]);
            var scale = matrix[rank][column];
            for (var c = 0; c < matrix[rank].Length; c++)
                matrix[rank][c] /= scale;
            matrix[rank][column] = 1;
            for (var row = 0; row < matrix.Count; row++)
                if (row != rank)
                    Subtract(matrix[row], matrix[rank], column);
            rank++;
        }
        return rank;
    }

    /// <summary>
    /// Linearly independent rows with the same span, reduced: rows that only concern single columns become unit vectors, whatever
    /// combination of them was given.
    /// </summary>
    public static List<double[]> Independent(IEnumerable<double[]> rows)
    {
        var matrix = rows.Select(row => (double[])row.Clone()).ToList();
        if (matrix.Count == 0)
            return matrix;
        var rank = Reduce(matrix, matrix[0].Length);
        foreach (var row in matrix)
            for (var c = 0; c < row.Length; c++)
                if (Math.Abs(row[c]) < Noise)
                    row[c] = 0;
        return matrix[..rank];
    }

    private static void Subtract(double[] from, double[] pivotRow, int column)
    {
        var factor = from[column];
        if (factor == 0)
            return;
        for (var c = 0; c < from.Length; c++)
            from[c] -= factor * pivotRow[c];
        from[column] = 0;
    }
}
