using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>The constant function, √w of length 1, in the coordinates of a design's orthonormal columns. Immutable.</summary>
internal sealed class ConstantFunction
{
    private readonly double[] _direction;

    /// <summary>Projects the constant.</summary>
    /// <param name="columns">Q: rows × columns that are orthonormal or zero.</param>
    /// <param name="weights">Prior weights; null: all 1.</param>
    public ConstantFunction(DenseMatrix columns, double[]? weights)
    {
        _direction = new double[columns.Columns];
        var length = 0.0;
        for (var i = 0; i < columns.Rows; i++)
        {
            var weight = weights?[i] ?? 1;
            length += weight;
            FixedOrder.Add(Math.Sqrt(weight), columns.Row(i), _direction);
        }
        for (var j = 0; j < _direction.Length; j++)
            _direction[j] /= Math.Sqrt(length);
    }

    /// <summary>Whether it is a combination of the first <paramref name="columns"/> columns.</summary>
    public bool IsSpannedBy(int columns) => FixedOrder.Dot(_direction.AsSpan(0, columns), _direction.AsSpan(0, columns)) > 1 - 1e-12;

    /// <summary>Σ w (y - offset - their weighted mean)² of an element, if the columns span the constant.</summary>
    /// <param name="f">The element's projections on the columns; what follows them is not used.</param>
    /// <param name="residual">Its residual sum of squares.</param>
    public double NullDeviance(ReadOnlySpan<double> f, double residual)
    {
        f = f[.._direction.Length];
        var mean = FixedOrder.Dot(_direction, f);
        return residual + Math.Max(FixedOrder.Dot(f, f) - mean * mean, 0);
    }
}
