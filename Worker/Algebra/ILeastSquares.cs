namespace HpcFit.Worker.Algebra;

/// <summary>
/// An orthogonal factorisation X = Q R of a design on some rows, restricted to the columns that are not aliased. Not thread-safe:
/// each thread has its own.
/// </summary>
internal interface ILeastSquares
{
    /// <summary>How many columns are not aliased.</summary>
    int Rank { get; }

    /// <summary>The column of X at each position of R; the first <see cref="Rank"/> are those of the model, in ascending order.</summary>
    ReadOnlySpan<int> Pivots { get; }

    /// <summary>Factors X, rows × columns, column-major; not changed.</summary>
    void Factor(ReadOnlySpan<double> x, int rows, int columns);

    /// <summary>
    /// Replaces y by its projections on Q's columns, followed by values whose squares sum to the residual sum of squares.
    /// </summary>
    void ApplyTransposed(Span<double> y);

    /// <summary>Solves R b = (the first <see cref="Rank"/> projections), in place.</summary>
    void BackSubstitute(Span<double> projections);

    /// <summary>The diagonal of (X'X)⁻¹ over the columns of the model, at their positions in R.</summary>
    /// <param name="variances">Receives <see cref="Rank"/> values.</param>
    /// <param name="column">Workspace of <see cref="Rank"/> values.</param>
    void UnscaledVariances(Span<double> variances, Span<double> column);

    /// <summary>Solves R' x = b over the columns of the model, in place; <see cref="Rank"/> values at the positions of R.</summary>
    void SolveTransposed(Span<double> values);

    /// <summary>Writes Q, rows × <see cref="Rank"/>, row-major.</summary>
    void CopyBasis(Span<double> basis);

    /// <summary>The coordinates Q'x of a column of X, aliased or not.</summary>
    /// <param name="column">The column of X.</param>
    /// <param name="target">Receives <see cref="Rank"/> values.</param>
    void Coordinates(int column, Span<double> target);
}
