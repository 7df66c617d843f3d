namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>The covariance matrix of the rows of Q without their weights, from which the variance of fitted values follows.</summary>
internal static class BasisCovariance
{
    /// <summary>Computes it, with the divisor n - 1.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="means">Overwritten; at least as many as columns.</param>
    /// <param name="deviations">Overwritten; at least as many as columns.</param>
    /// <param name="covariance">Receives the matrix, columns × columns, at its begin; the rest is set to 0.</param>
    public static void Compute(IBasisRows rows, Span<double> means, Span<double> deviations, Span<double> covariance)
    {
        var rank = rows.Rank;
        covariance.Clear();
        means[..rank].Clear();
        for (var row = 0; row < rows.Rows; row++)
        {
            var inverse = 1 / rows.Root[row];
            for (var c = 0; c < rank; c++)
                means[c] += rows.Basis[(row * rank) + c] * inverse;
        }
        for (var c = 0; c < rank; c++)
            means[c] /= rows.Rows;
        for (var row = 0; row < rows.Rows; row++)
        {
            var inverse = 1 / rows.Root[row];
            for (var a = 0; a < rank; a++)
            {
                var own = deviations[a] = (rows.Basis[(row * rank) + a] * inverse) - means[a];
                var target = covariance.Slice(a * rank, a + 1);
                for (var b = 0; b < target.Length; b++)
                    target[b] += own * deviations[b];
            }
        }
        for (var a = 0; a < rank; a++)
        for (var b = 0; b <= a; b++)
            covariance[(a * rank) + b] = covariance[(b * rank) + a] = covariance[(a * rank) + b] / (rows.Rows - 1);
    }
}
