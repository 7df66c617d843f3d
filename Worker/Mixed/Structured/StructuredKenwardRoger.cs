using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Structured.Adjustment;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>Kenward and Roger's method for several random terms and slopes. A workspace of one thread.</summary>
internal sealed class StructuredKenwardRoger
{
    private readonly KenwardRogerSums _sums;
    private readonly KenwardRogerCovariance _covariance;
    private readonly double[] _factor;
    private readonly double[] _inverse;
    private int _rank;

    public StructuredKenwardRoger(StructuredEngine engine)
    {
        var columns = engine.Design.ColumnNames.Count;
        _sums = new(engine.Structure, columns);
        _covariance = new(columns, engine.Structure.Parameters.Count + 1);
        (_factor, _inverse) = (new double[columns * columns], new double[columns * columns]);
    }

    /// <summary>Computes what does not depend on the tests.</summary>
    /// <param name="tables">The rows.</param>
    /// <param name="theta">θ at the minimum.</param>
    public void Prepare(StructuredDesign tables, ReadOnlySpan<double> theta)
    {
        _rank = tables.Rank;
        _sums.Compute(tables, theta, _covariance);
        var (size, dense) = (tables.Size, tables.Size - _rank);
        for (var row = 0; row < _rank; row++)
            _sums.Factor.Slice(((dense + row) * size) + dense, row + 1).CopyTo(_factor.AsSpan(row * _rank));
        for (var column = 0; column < _rank; column++)
        {
            var inverse = _inverse.AsSpan(column * _rank, _rank);
            inverse.Clear();
            inverse[column] = 1;
            Cholesky.SolveLower(_factor, _rank, inverse);
            Cholesky.SolveUpper(_factor, _rank, inverse);
        }
        _covariance.Prepare(_rank, _inverse);
    }

    /// <summary>The adjusted variance of a combination of coordinates over that of residuals, and its degrees of freedom.</summary>
    public (double Variance, double Degrees) Variance(ReadOnlySpan<double> functional)
    {
        var variance = 0.0;
        for (var i = 0; i < _rank; i++)
            variance += functional[i] * FixedOrder.Dot(_covariance.Adjusted.Slice(i * _rank, _rank), functional);
        return (variance, _covariance.Approximate(_inverse, functional, 1).Degrees);
    }

    /// <inheritdoc cref="KenwardRogerCovariance.Test"/>
    public (double F, double Degrees) Test(ReadOnlySpan<double> functionals, Span<double> estimates) =>
        _covariance.Test(_inverse, functionals, estimates);
}
