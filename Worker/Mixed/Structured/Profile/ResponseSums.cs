using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Profile;

/// <summary>
/// What the criterion needs of an element's response: products of its residuals r from ordinary least squares with E, in the absorbed
/// groups and outside them. A workspace of one thread.
/// </summary>
internal sealed class ResponseSums
{
    private readonly int _effects;
    private readonly double[] _pooledCross;
    private readonly double[] _pooledSquares;
    private readonly double[] _within;

    /// <param name="structure">The random terms.</param>
    /// <param name="columns">The number of columns of the model matrix.</param>
    public ResponseSums(RandomStructure structure, int columns)
    {
        var (levels, size) = (structure.Factors[structure.Absorbed].Levels, structure.DenseColumns + columns);
        _effects = structure.AbsorbedEffects;
        var pairs = _effects * (_effects + 1) / 2;
        // A pool has two groups at least.
        (_pooledCross, _pooledSquares) = (new double[levels / 2 * pairs * size], new double[levels / 2 * pairs]);
        _within = new double[size];
        Coordinates = new double[levels * _effects];
    }

    /// <summary>O'r, per group one value per absorbed effect.</summary>
    public double[] Coordinates { get; }

    /// <summary>r'(I - O O')r.</summary>
    public double WithinSquares { get; private set; }

    /// <summary>E'(I - O O')r.</summary>
    public ReadOnlySpan<double> Within => _within;

    /// <summary>Sums an element's residuals.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="residuals">The residuals, scaled by the roots of weights.</param>
    public void Sum(StructuredDesign design, ReadOnlySpan<double> residuals)
    {
        var (groups, size) = (design.Groups, design.Size);
        _within.AsSpan().Clear();
        WithinSquares = 0;
        var from = 0;
        for (var group = 0; group < groups.Count; from = groups.End[group++])
        {
            var coordinates = Coordinates.AsSpan(group * _effects, _effects);
            coordinates.Clear();
            for (var row = from; row < groups.End[group]; row++)
            for (var a = 0; a < coordinates.Length; a++)
                coordinates[a] += design.Orthonormal[(row * _effects) + a] * residuals[row];
            for (var row = from; row < groups.End[group]; row++)
            {
                var deviation = residuals[row];
                for (var a = 0; a < coordinates.Length; a++)
                    deviation -= design.Orthonormal[(row * _effects) + a] * coordinates[a];
                WithinSquares += deviation * deviation;
                design.AddRow(row, deviation, _within.AsSpan(0, size));
            }
        }
        Pool(design);
    }

    /// <summary>Adds Σ U'W O'r over groups to a vector of the design's size, and returns Σ r'O W O'r; W has one value per class and
    /// pair.</summary>
    public double Accumulate(StructuredDesign design, ReadOnlySpan<double> weights, Span<double> target)
    {
        var (groups, size, pairs) = (design.Groups, design.Size, design.Groups.Pairs);
        var squares = 0.0;
        for (var k = 0; k < groups.Classes; k++)
        {
            if (groups.Pool[k] is not (>= 0 and var pool))
                continue;
            for (var pair = 0; pair < pairs; pair++)
            {
                var weight = weights[(k * pairs) + pair];
                FixedOrder.Add(weight, PooledCross(pool, pair, size), target);
                squares += weight * PooledSquares(pool, pair);
            }
        }
        for (var group = 0; group < groups.Count && groups.Pools < groups.Classes; group++)
        {
            var k = groups.ClassOf[group];
            if (groups.Pool[k] >= 0)
                continue;
            var pair = k * pairs;
            var r = Coordinates.AsSpan(group * _effects, _effects);
            for (var a = 0; a < r.Length; a++)
            for (var b = a; b < r.Length; b++, pair++)
            {
                var u = design.Coordinates.AsSpan(group * _effects * size, _effects * size);
                FixedOrder.Add(weights[pair] * r[b], u.Slice(a * size, size), target);
                if (a < b)
                    FixedOrder.Add(weights[pair] * r[a], u.Slice(b * size, size), target);
                squares += (a < b ? 2 : 1) * weights[pair] * r[a] * r[b];
            }
        }
        return squares;
    }

    /// <summary>Σ (U_a r_b + U_b r_a) over the groups of a pool, for a = b without repetition.</summary>
    public ReadOnlySpan<double> PooledCross(int pool, int pair, int size) =>
        _pooledCross.AsSpan(((pool * _effects * (_effects + 1) / 2) + pair) * size, size);

    /// <summary>Σ 2 r_a r_b over the groups of a pool, for a = b without the factor.</summary>
    public double PooledSquares(int pool, int pair) => _pooledSquares[(pool * _effects * (_effects + 1) / 2) + pair];

    private void Pool(StructuredDesign design)
    {
        var (groups, size, pairs) = (design.Groups, design.Size, design.Groups.Pairs);
        _pooledCross.AsSpan(0, groups.Pools * pairs * size).Clear();
        _pooledSquares.AsSpan(0, groups.Pools * pairs).Clear();
        for (var group = 0; group < groups.Count && groups.Pools > 0; group++)
        {
            if (groups.Pool[groups.ClassOf[group]] is not (>= 0 and var pool))
                continue;
            var pair = pool * pairs;
            var r = Coordinates.AsSpan(group * _effects, _effects);
            for (var a = 0; a < r.Length; a++)
            for (var b = a; b < r.Length; b++, pair++)
            {
                var u = design.Coordinates.AsSpan(group * _effects * size, _effects * size);
                var target = _pooledCross.AsSpan(pair * size, size);
                FixedOrder.Add(r[b], u.Slice(a * size, size), target);
                if (a < b)
                    FixedOrder.Add(r[a], u.Slice(b * size, size), target);
                _pooledSquares[pair] += (a < b ? 2 : 1) * r[a] * r[b];
            }
        }
    }
}
