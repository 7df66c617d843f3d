using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Generalized;

/// <summary>Weighted least squares by a QR factorisation of √W B in every iteration: slow, and accurate for all weights.</summary>
/// <param name="subjects">The maximum number of rows.</param>
/// <param name="columns">The maximum number of columns of the basis.</param>
/// <param name="isReference">Whether MathNet.Numerics factors.</param>
internal sealed class WeightedFactors(int subjects, int columns, bool isReference) : IWeightedSolver
{
    private readonly ILeastSquares _qr = isReference
        ? new ReferenceLeastSquares(subjects, columns, ObservedRows.Tolerance)
        : new PivotedQr(subjects, columns, ObservedRows.Tolerance);

    private readonly double[] _x = new double[subjects * columns];

    /// <inheritdoc/>
    public bool Solve(ObservedRows rows, ReadOnlySpan<double> weights, Span<double> scores, Span<double> solution)
    {
        for (var row = 0; row < rows.Rows; row++)
        {
            if (!(weights[row] > 0) || !double.IsFinite(weights[row]))
                return false;
            var root = Math.Sqrt(weights[row]);
            for (var c = 0; c < rows.Rank; c++)
                _x[(c * rows.Rows) + row] = root * rows.Basis[(c * rows.Rows) + row];
            scores[row] /= root;
        }
        _qr.Factor(_x.AsSpan(0, rows.Rows * rows.Rank), rows.Rows, rows.Rank);
        if (_qr.Rank < rows.Rank)
            return false;
        _qr.ApplyTransposed(scores);
        scores[..rows.Rank].CopyTo(solution);
        _qr.BackSubstitute(solution[..rows.Rank]);
        return true;
    }

    /// <inheritdoc/>
    public void SolveLower(Span<double> values) => _qr.SolveTransposed(values);
}
