using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// Per class of groups the inverse of <c>C = I + S Ψ Sᵀ</c> and its derivatives in the parameters of Ψ. A workspace.
/// </summary>
internal sealed class ClassCovariances
{
    private readonly BlockedEffects _effects;
    private readonly int _entries;
    private readonly double[][] _slopes; // per class and entry, ∂C
    private readonly double[][] _bends; // per class and pair of entries, ∂²C
    private readonly double[][] _turned; // per class and entry, C⁻¹ ∂C
    private readonly double[] _psi;
    private readonly double[] _scratch;

    /// <summary>Creates the workspace.</summary>
    public ClassCovariances(BlockedEffects effects)
    {
        _effects = effects;
        _entries = effects.Entries.Length;
        Factor = new(effects.Effects, effects.Entries);
        var classes = effects.Triangles.Count;
        Inverses = Of(classes);
        Squares = Of(classes);
        Cubes = Of(classes);
        Changes = Of(classes * _entries);
        _slopes = Of(classes * _entries);
        _turned = Of(classes * _entries);
        _bends = Of(classes * _entries * _entries);
        (_psi, _scratch) = (new double[effects.Effects * effects.Effects], new double[effects.Effects * effects.Effects]);

        double[][] Of(int count) =>
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => effects.Triangles[classes == 0 ? 0 : i / (count / classes)].Rows)
                    .Select(rank => new double[rank * rank]),
            ];
    }

    /// <summary>Ψ.</summary>
    public CovarianceFactor Factor { get; }

    /// <summary>C⁻¹ per class.</summary>
    public double[][] Inverses { get; }

    /// <summary>C⁻².</summary>
    public double[][] Squares { get; }

    /// <summary>C⁻³.</summary>
    public double[][] Cubes { get; }

    /// <summary>Per class and entry, <c>C⁻¹ ∂C C⁻¹</c>.</summary>
    public double[][] Changes { get; }

    /// <summary>Σ over groups of log|C|.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>∂C of a class.</summary>
    public ReadOnlySpan<double> Slope(int k, int entry) => _slopes[(k * _entries) + entry];

    /// <summary><c>C⁻¹ ∂C C⁻¹</c> of a class.</summary>
    public ReadOnlySpan<double> Change(int k, int entry) => Changes[(k * _entries) + entry];

    /// <summary>∂²C of a class, the first entry not before the second.</summary>
    public ReadOnlySpan<double> Bend(int k, int one, int other) => _bends[(((k * _entries) + one) * _entries) + other];

    /// <summary>Evaluates everything; false if a class is singular.</summary>
    /// <param name="parameters">All parameters of the search.</param>
    public bool Evaluate(ReadOnlySpan<double> parameters)
    {
        Factor.Set(parameters);
        LogDeterminant = 0;
        for (var k = 0; k < Inverses.Length; k++)
        {
            var triangle = _effects.Triangles[k];
            var (rank, inverse) = (triangle.Rows, Inverses[k]);
            SmallMatrix.Congruent(triangle, Factor.Covariance, inverse);
            for (var a = 0; a < rank; a++)
                inverse[(a * rank) + a] += 1;
            var determinant = SmallMatrix.Invert(inverse, rank);
            if (double.IsNaN(determinant))
                return false;
            LogDeterminant += _effects.Counts[k] * determinant;
            SmallMatrix.Multiply(inverse, inverse, rank, Squares[k]);
            SmallMatrix.Multiply(Squares[k], inverse, rank, Cubes[k]);
            for (var e = 0; e < _entries; e++)
            {
                var at = (k * _entries) + e;
                SmallMatrix.Congruent(triangle, Factor.Slope(e), _slopes[at]);
                SmallMatrix.Multiply(inverse, _slopes[at], rank, _turned[at]);
                SmallMatrix.Multiply(_turned[at], inverse, rank, Changes[at]);
                for (var other = 0; other <= e; other++)
                {
                    Factor.Bend(e, other, _psi);
                    SmallMatrix.Congruent(triangle, _psi, _bends[(at * _entries) + other]);
                }
            }
        }
        return true;
    }

    /// <summary>Σ over groups of tr(C⁻¹ ∂C): the derivative of <see cref="LogDeterminant"/>.</summary>
    public double DeterminantSlope(int entry)
    {
        var sum = 0.0;
        for (var k = 0; k < Inverses.Length; k++)
            sum += _effects.Counts[k] * SmallMatrix.Trace(_turned[(k * _entries) + entry], RankOf(k));
        return sum;
    }

    /// <summary>The second derivative of <see cref="LogDeterminant"/>, the first entry not before the second.</summary>
    public double DeterminantBend(int one, int other)
    {
        var sum = 0.0;
        for (var k = 0; k < Inverses.Length; k++)
            sum +=
                _effects.Counts[k]
                * (
                    SmallMatrix.Trace(Inverses[k], Bend(k, one, other), RankOf(k))
                    - SmallMatrix.Trace(_turned[(k * _entries) + one], _turned[(k * _entries) + other], RankOf(k))
                );
        return sum;
    }

    /// <summary>Writes ∂²C⁻¹ of a class, the first entry not before the second.</summary>
    public void InverseBend(int k, int one, int other, Span<double> target)
    {
        var (rank, a, b) = (RankOf(k), (k * _entries) + one, (k * _entries) + other);
        var scratch = _scratch.AsSpan(0, rank * rank);
        SmallMatrix.Multiply(_turned[a], Changes[b], rank, target);
        SmallMatrix.Multiply(_turned[b], Changes[a], rank, scratch);
        for (var i = 0; i < scratch.Length; i++)
            target[i] += scratch[i];
        SmallMatrix.Multiply(Inverses[k], Bend(k, one, other), rank, scratch);
        var third = _psi.AsSpan(0, rank * rank);
        SmallMatrix.Multiply(scratch, Inverses[k], rank, third);
        for (var i = 0; i < third.Length; i++)
            target[i] -= third[i];
    }

    private int RankOf(int k) => _effects.Triangles[k].Rows;
}
