using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>The slopes of a factor without structure, from the orthogonal factorisation of the columns and the penalties' roots.</summary>
internal sealed class DenseFactorSlopes : IFactorSlopes
{
    private readonly PenaltyDeterminant _factor;
    private readonly DenseMatrix _data,
        _product;
    private readonly DenseMatrix[] _slopes;

    /// <summary>Creates the workspace.</summary>
    public DenseFactorSlopes(GamDesign design)
    {
        var columns = new PenalisedColumnsInOrder(design, isComplete: true);
        _factor = columns.Factor();
        var size = columns.Kept.Length;
        (_data, _product) = (new DenseMatrix(size, size), new DenseMatrix(size, size));
        _slopes = [.. Enumerable.Range(0, design.PenaltyCount).Select(_ => new DenseMatrix(size, size))];
    }

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> lambda)
    {
        _factor.Evaluate(lambda, 0, [], []);
        Array.Clear(_data.Values);
        for (var i = 0; i < _data.Rows; i++)
            _data[i, i] = 1;
        for (var j = 0; j < _slopes.Length; j++)
        {
            FixedOrder.Add(-1, _factor.Share(j).Values, _data.Values);
            for (var i = 0; i < _data.Rows; i++)
            {
                _factor.Share(j).Row(i)[..(i + 1)].CopyTo(_slopes[j].Row(i));
                _slopes[j][i, i] /= 2;
            }
        }
    }

    /// <inheritdoc/>
    public double Product(int a, int b)
    {
        Array.Clear(_product.Values);
        for (var i = 0; i < _product.Rows; i++)
        for (var k = 0; k <= i; k++)
            FixedOrder.Add(_slopes[a][i, k], _data.Row(k), _product.Row(i));
        return FixedOrder.Dot(_product.Values, _slopes[b].Values);
    }
}
