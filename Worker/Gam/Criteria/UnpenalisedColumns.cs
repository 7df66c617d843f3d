using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// Chooses an independent set of unpenalised columns: the longest column first, then repeatedly the one with the largest component
/// orthogonal to those chosen. So of <c>motion + I(2 * motion)</c> the first is dropped, as in mgcv's likelihood methods.
/// </summary>
/// <remarks>QR with column pivoting: Golub and Van Loan 2013, §5.4.2.</remarks>
internal static class UnpenalisedColumns
{
    /// <summary>The orthogonal component, relative to a column's length, below which the column counts as dependent.</summary>
    public const double Tolerance = 1e-7;

    /// <summary>The columns of <paramref name="matrix"/> to keep, ascending.</summary>
    public static int[] Independent(DenseMatrix matrix)
    {
        var columns = matrix.Transposed();
        var sizes = Enumerable.Range(0, columns.Rows).Select(j => Length(columns.Row(j))).ToArray();
        var chosen = new List<int>();
        while (chosen.Count < columns.Rows)
        {
            var next = Enumerable.Range(0, columns.Rows).Except(chosen).MaxBy(j => Length(columns.Row(j)));
            var pivot = columns.Row(next);
            var length = Length(pivot);
            if (!(length > Tolerance * sizes[next]))
                break;
            for (var i = 0; i < pivot.Length; i++)
                pivot[i] /= length;
            chosen.Add(next);
            for (var pass = 0; pass < 2; pass++)
                foreach (var other in Enumerable.Range(0, columns.Rows).Except(chosen))
                    FixedOrder.Add(-FixedOrder.Dot(columns.Row(next), columns.Row(other)), columns.Row(next), columns.Row(other));
        }
        return [.. chosen.Order()];
    }

    /// <summary>
    /// Orthonormal combinations of coefficients that do not change X β: one for each column of <paramref name="matrix"/> not in
    /// <paramref name="kept"/>, in the coordinates of its columns.
    /// </summary>
    public static DenseMatrix Invisible(DenseMatrix matrix, int[] kept)
    {
        var qr = new ThinQr(matrix.TakeColumns(kept));
        var dropped = Enumerable.Range(0, matrix.Columns).Except(kept).ToArray();
        var shares = LinearSolve.General(qr.R, qr.Q.Transposed().Times(matrix.TakeColumns(dropped)));
        var result = new DenseMatrix(matrix.Columns, dropped.Length);
        for (var j = 0; j < dropped.Length; j++)
        {
            result[dropped[j], j] = 1;
            for (var i = 0; i < kept.Length; i++)
                result[kept[i], j] = -shares[i, j];
        }
        return result;
    }

    /// <summary>
    /// The map to the coefficients of minimum norm among those with the same fit: only GCV.Cp distributes an effect among dependent
    /// columns.
    /// </summary>
    /// <param name="map">A map to coefficients: coefficients × coordinates.</param>
    /// <param name="invisible">Combinations of coefficients that do not change the fit.</param>
    public static DenseMatrix WithoutInvisible(DenseMatrix map, DenseMatrix invisible)
    {
        var basis = new ThinQr(invisible).Q;
        return map.Minus(basis.Times(basis.Transposed().Times(map)));
    }

    private static double Length(Span<double> column) => Math.Sqrt(FixedOrder.Dot(column, column));
}
