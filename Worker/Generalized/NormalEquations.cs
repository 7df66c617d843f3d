using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// Weighted least squares by the Cholesky factor of B'WB, which is near the identity for weights near the prior ones. Refuses matrices that
/// are so ill-conditioned that digits would be lost.
/// </summary>
/// <param name="subjects">The maximum number of rows.</param>
/// <param name="columns">The maximum number of columns of the basis.</param>
internal sealed class NormalEquations(int subjects, int columns) : IWeightedSolver
{
    /// <summary>Squared pivots below this, relative to their diagonal, are left to the QR factorisation.</summary>
    private const double SmallestPivot = 1e-7;

    private readonly double[] _factor = new double[columns * columns];
    private readonly double[] _diagonal = new double[columns];
    private readonly double[] _weighted = new double[subjects];
    private int _rank;

    /// <inheritdoc/>
    public bool Solve(ObservedRows rows, ReadOnlySpan<double> weights, Span<double> scores, Span<double> solution)
    {
        _rank = rows.Rank;
        var weighted = _weighted.AsSpan(0, rows.Rows);
        for (var a = 0; a < _rank; a++)
        {
            var column = rows.Column(a);
            FixedOrder.Multiply(weights, column, weighted);
            for (var b = a; b < _rank; b++)
                _factor[(b * _rank) + a] = FixedOrder.Dot(weighted, rows.Column(b));
            solution[a] = FixedOrder.Dot(column, scores);
        }
        for (var a = 0; a < _rank; a++)
            _diagonal[a] = _factor[(a * _rank) + a];
        if (!Cholesky.TryFactor(_factor, _rank))
            return false;
        for (var a = 0; a < _rank; a++)
            if (!(_factor[(a * _rank) + a] * _factor[(a * _rank) + a] > SmallestPivot * _diagonal[a]))
                return false;
        Cholesky.SolveLower(_factor, _rank, solution);
        Cholesky.SolveUpper(_factor, _rank, solution);
        return true;
    }

    /// <summary>Takes L from elsewhere.</summary>
    /// <param name="rank">Its order.</param>
    /// <param name="triangle">Its lower triangle by rows, one value in every <paramref name="stride"/>.</param>
    /// <param name="stride">The distance of values.</param>
    public void Take(int rank, ReadOnlySpan<double> triangle, int stride)
    {
        _rank = rank;
        for (int i = 0, place = 0; i < rank; i++)
        for (var j = 0; j <= i; j++, place += stride)
            _factor[(i * rank) + j] = triangle[place];
    }

    /// <inheritdoc/>
    public void SolveLower(Span<double> values) => Cholesky.SolveLower(_factor, _rank, values);
}
