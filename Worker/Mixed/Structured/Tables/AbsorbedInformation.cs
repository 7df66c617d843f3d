using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// C⁻¹ = (I + R Λ Λ' R')⁻¹ of each class of absorbed groups with its derivatives, and sums over groups that are weighted by them. Weights
/// are stored as one value per class and pair of effects. A workspace of one thread.
/// </summary>
internal sealed class AbsorbedInformation
{
    private readonly int _effects;
    private readonly int _pairs;
    private readonly double[] _c;
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _row;

    public AbsorbedInformation(int effects, int size)
    {
        (_effects, _pairs) = (effects, effects * (effects + 1) / 2);
        (_c, _x, _y) = (new double[effects * effects], new double[effects * effects], new double[effects * effects]);
        _row = new double[size];
    }

    /// <summary>Writes C⁻¹ of each class; returns Σ ln |C| over groups.</summary>
    public double Invert(AbsorbedGroups groups, ReadOnlySpan<double> factor, Span<double> inverses)
    {
        var product = new LogarithmOfProduct();
        var log = 0.0;
        for (var k = 0; k < groups.Classes; k++)
        {
            SmallMatrix.Multiply(groups.OfClass(k), factor, _effects, _x);
            for (var a = 0; a < _effects; a++)
            for (var b = 0; b < _effects; b++)
            {
                var sum = a == b ? 1.0 : 0.0;
                for (var c = 0; c < _effects; c++)
                    sum += _x[(a * _effects) + c] * _x[(b * _effects) + c];
                _c[(a * _effects) + b] = sum;
            }
            for (var a = 0; a < _effects; a++)
            {
                var pivot = SmallMatrix.Sweep(_c, _effects, a);
                if (groups.CountOfClass[k] == 1)
                    product.Multiply(pivot);
                else
                    log += groups.CountOfClass[k] * ReproducibleMath.Log(pivot);
            }
            Pack(_c, inverses.Slice(k * _pairs, _pairs));
        }
        return log + product.Value;
    }

    /// <summary>Writes the derivative of C⁻¹ in entry (row, column) of Λ, of each class.</summary>
    /// <returns>The derivative of Σ ln |C|.</returns>
    public double Differentiate(
        AbsorbedGroups groups,
        ReadOnlySpan<double> factor,
        ReadOnlySpan<double> inverses,
        int row,
        int column,
        Span<double> slopes
    )
    {
        var log = 0.0;
        for (var k = 0; k < groups.Classes; k++)
        {
            var r = groups.OfClass(k);
            SolveBoth(r, factor, inverses.Slice(k * _pairs, _pairs));
            var pair = k * _pairs;
            var trace = 0.0;
            for (var a = 0; a < _effects; a++)
            {
                trace += r[(a * _effects) + row] * _y[(a * _effects) + column];
                for (var b = a; b < _effects; b++, pair++)
                    slopes[pair] = -(
                        (_x[(a * _effects) + row] * _y[(b * _effects) + column]) + (_y[(a * _effects) + column] * _x[(b * _effects) + row])
                    );
            }
            log += 2 * groups.CountOfClass[k] * trace;
        }
        return log;
    }

    /// <summary>X = C⁻¹ R of a class into <paramref name="x"/>.</summary>
    public void Solve(ReadOnlySpan<double> r, ReadOnlySpan<double> inverse, Span<double> x)
    {
        Unpack(inverse, _c);
        SmallMatrix.Multiply(_c, r, _effects, x);
    }

    /// <summary>Adds Σ U'W U over groups to a matrix of the design's size.</summary>
    public void Accumulate(StructuredDesign design, ReadOnlySpan<double> weights, Span<double> target)
    {
        var (groups, size) = (design.Groups, design.Size);
        target = target[..(size * size)];
        for (var k = 0; k < groups.Classes; k++)
            if (groups.Pool[k] is >= 0 and var pool)
                for (var pair = 0; pair < _pairs; pair++)
                    FixedOrder.Add(
                        weights[(k * _pairs) + pair],
                        groups.Products.AsSpan(((pool * _pairs) + pair) * size * size, size * size),
                        target
                    );
        var combined = _row.AsSpan(0, size);
        for (var group = 0; group < groups.Count && groups.Pools < groups.Classes; group++)
        {
            var k = groups.ClassOf[group];
            if (groups.Pool[k] >= 0)
                continue;
            Unpack(weights.Slice(k * _pairs, _pairs), _c);
            var u = design.Coordinates.AsSpan(group * _effects * size, _effects * size);
            for (var a = 0; a < _effects; a++)
            {
                combined.Clear();
                for (var b = 0; b < _effects; b++)
                    FixedOrder.Add(_c[(a * _effects) + b], u.Slice(b * size, size), combined);
                for (var c = 0; c < size; c++)
                    if (u[(a * size) + c] is not 0 and var value)
                        FixedOrder.Add(value, combined, target.Slice(c * size, size));
            }
        }
    }

    private void SolveBoth(ReadOnlySpan<double> r, ReadOnlySpan<double> factor, ReadOnlySpan<double> inverse)
    {
        Solve(r, inverse, _x);
        SmallMatrix.Multiply(_x, factor, _effects, _y);
    }

    private void Pack(ReadOnlySpan<double> matrix, Span<double> pairs)
    {
        var pair = 0;
        for (var a = 0; a < _effects; a++)
        for (var b = a; b < _effects; b++)
            pairs[pair++] = matrix[(a * _effects) + b];
    }

    private void Unpack(ReadOnlySpan<double> pairs, Span<double> matrix)
    {
        var pair = 0;
        for (var a = 0; a < _effects; a++)
        for (var b = a; b < _effects; b++)
            matrix[(a * _effects) + b] = matrix[(b * _effects) + a] = pairs[pair++];
    }
}
