namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>Least squares without random effects, from which the search for variances begins.</summary>
internal static class OrdinaryLeastSquares
{
    /// <summary>Computes the coordinates of a response on Q, and its residuals.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="response">The response, by subject.</param>
    /// <param name="coordinates">Receives one value per column of Q.</param>
    /// <param name="residuals">Receives one value per row.</param>
    /// <param name="total">The weighted sum of squares of the response.</param>
    /// <param name="residual">That of the residuals.</param>
    /// <returns>False where the response is infinite.</returns>
    public static bool Fit(
        IBasisRows rows,
        ReadOnlySpan<double> response,
        Span<double> coordinates,
        Span<double> residuals,
        out double total,
        out double residual
    )
    {
        var (rank, count) = (rows.Rank, rows.Rows);
        var (subject, offset, root, basis) = (rows.Subject, rows.Offset, rows.Root, rows.Basis);
        (total, residual) = (0, 0);
        coordinates.Clear();
        for (var row = 0; row < count; row++)
        {
            var y = (response[subject[row]] - offset[row]) * root[row];
            if (!double.IsFinite(y))
                return false;
            residuals[row] = y;
            total += y * y;
            var q = basis.AsSpan(row * rank, rank);
            for (var c = 0; c < coordinates.Length; c++)
                coordinates[c] += q[c] * y;
        }
        for (var row = 0; row < count; row++)
        {
            var fitted = 0.0;
            var q = basis.AsSpan(row * rank, rank);
            for (var c = 0; c < coordinates.Length; c++)
                fitted += q[c] * coordinates[c];
            residuals[row] -= fitted;
            residual += residuals[row] * residuals[row];
        }
        return true;
    }
}
