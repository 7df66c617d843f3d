using HpcFit.Worker.Kernels;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace HpcFit.Worker.Algebra;

/// <summary>
/// Least squares by the QR factorisation of MathNet.Numerics, the reference for <see cref="PivotedQr"/> (see
/// <see cref="KernelChoice.Reference"/>). Aliased columns are found by <see cref="PivotedQr"/> with R's rule, since MathNet's factorisation
/// does not pivot; every number is MathNet's.
/// </summary>
/// <param name="subjects">The maximum number of rows.</param>
/// <param name="columns">Columns of the design.</param>
/// <param name="tolerance">The tolerance of the rule.</param>
internal sealed class ReferenceLeastSquares(int subjects, int columns, double tolerance = PivotedQr.Tolerance) : ILeastSquares
{
    private readonly PivotedQr _pivoted = new(subjects, columns, tolerance);
    private QR<double>? _factors;
    private double[] _x = [];
    private int _rows;

    static ReferenceLeastSquares() => ManagedAlgebra.Use();

    /// <inheritdoc/>
    public int Rank => _pivoted.Rank;

    /// <inheritdoc/>
    public ReadOnlySpan<int> Pivots => _pivoted.Pivots;

    private QR<double> Factors => _factors ?? throw new InvalidOperationException("No design of a rank above 0 was factored.");

    /// <inheritdoc/>
    public void Factor(ReadOnlySpan<double> x, int rows, int columns)
    {
        _pivoted.Factor(x, rows, columns);
        (_x, _rows) = (x[..(rows * columns)].ToArray(), rows);
        var model = new double[rows * Rank];
        for (var k = 0; k < Rank; k++)
            x.Slice(Pivots[k] * rows, rows).CopyTo(model.AsSpan(k * rows, rows));
        _factors = Rank == 0 ? null : Matrix<double>.Build.Dense(rows, Rank, model).QR(QRMethod.Thin);
    }

    /// <inheritdoc/>
    public void ApplyTransposed(Span<double> y)
    {
        if (Rank == 0)
            return;
        var response = Vector<double>.Build.DenseOfArray(y.ToArray());
        var projections = Factors.Q.TransposeThisAndMultiply(response);
        var residuals = response - (Factors.Q * projections);
        y.Clear();
        for (var k = 0; k < Rank; k++)
            y[k] = projections[k];
        if (Rank < y.Length)
            y[Rank] = residuals.L2Norm();
    }

    /// <inheritdoc/>
    public void BackSubstitute(Span<double> projections)
    {
        if (Rank == 0)
            return;
        Factors.R.Solve(Vector<double>.Build.DenseOfArray(projections[..Rank].ToArray())).AsArray().CopyTo(projections);
    }

    /// <inheritdoc/>
    public void UnscaledVariances(Span<double> variances, Span<double> column)
    {
        if (Rank == 0)
            return;
        var inverse = Factors.R.Inverse();
        for (var k = 0; k < Rank; k++)
            variances[k] = inverse.Row(k).DotProduct(inverse.Row(k));
    }

    /// <inheritdoc/>
    public void SolveTransposed(Span<double> values) =>
        Factors.R.Transpose().Solve(Vector<double>.Build.DenseOfArray(values[..Rank].ToArray())).AsArray().CopyTo(values);

    /// <inheritdoc/>
    public void Coordinates(int column, Span<double> target) =>
        Factors
            .Q.TransposeThisAndMultiply(Vector<double>.Build.DenseOfArray(_x[(column * _rows)..((column + 1) * _rows)]))
            .AsArray()
            .CopyTo(target);

    /// <inheritdoc/>
    public void CopyBasis(Span<double> basis)
    {
        for (var row = 0; row < _rows; row++)
        for (var k = 0; k < Rank; k++)
            basis[(row * Rank) + k] = Factors.Q[row, k];
    }
}
