namespace HpcFit.Worker.Algebra;

/// <summary>
/// Combinations of the coefficients of a model matrix X = Q R in terms of the coordinates on Q: c'β is w'u, w = R⁻ᵀc. A reused workspace.
/// </summary>
/// <param name="columns">Columns of X.</param>
internal sealed class EstimableCombinations(int columns)
{
    private const double Tolerance = 1e-8;

    private readonly double[] _vector = new double[columns];

    /// <summary>w of a combination; the weights of aliased columns do not count.</summary>
    public static void Functional(ILeastSquares qr, ReadOnlySpan<double> weights, Span<double> functional)
    {
        for (var k = 0; k < qr.Rank; k++)
            functional[k] = weights[qr.Pivots[k]];
        qr.SolveTransposed(functional);
    }

    /// <summary>
    /// Whether a combination is orthogonal to the null space of X, and so does not depend on which columns were dropped (Seber and Lee
    /// 2003, section 3.9.3): for an aliased column x = X a, the vector of a and -1 in x's place.
    /// </summary>
    public bool IsEstimable(ILeastSquares qr, ReadOnlySpan<double> weights)
    {
        var rank = qr.Rank;
        for (var place = rank; place < columns; place++)
        {
            var combination = _vector.AsSpan(0, rank);
            qr.Coordinates(qr.Pivots[place], combination);
            qr.BackSubstitute(combination);
            double product = -weights[qr.Pivots[place]],
                ofRow = product * product,
                ofNull = 1;
            for (var k = 0; k < rank; k++)
            {
                var weight = weights[qr.Pivots[k]];
                product += combination[k] * weight;
                ofRow += weight * weight;
                ofNull += combination[k] * combination[k];
            }
            if (Math.Abs(product) > Tolerance * Math.Sqrt(ofRow * ofNull))
                return false;
        }
        return true;
    }
}
