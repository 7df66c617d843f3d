using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Profile;

/// <summary>
/// Second derivatives of the bordered matrix F (<see cref="StructuredProfile"/>), contracted with N = B⁻¹ + κ w w', κ the reciprocal of
/// the residual variance, together with those of ln |C| over the absorbed groups. A workspace of one thread.
/// </summary>
internal sealed class AbsorbedCurvature
{
    private readonly RandomStructure _structure;
    private readonly int _effects;
    private readonly double[] _contraction;
    private readonly double[] _solution;
    private readonly double[] _projected;
    private readonly double[] _projectedCross;
    private readonly double[] _scratch;
    private readonly double[] _row;
    private readonly double[] _m;
    private readonly double[] _x;
    private readonly double[] _alpha;
    private readonly double[] _eta;
    private readonly double[] _alphaFactor;
    private readonly double[] _etaFactor;
    private readonly double[] _alphaBoth;
    private readonly double[] _etaBoth;
    private readonly double[] _ofAbsorbed;
    private readonly double[][] _crosses;
    private int _size;
    private double _kappa;

    public AbsorbedCurvature(RandomStructure structure, int size)
    {
        (_structure, _effects) = (structure, structure.AbsorbedEffects);
        (_contraction, _projected, _scratch) = (new double[size * size], new double[size * size], new double[size * size]);
        (_solution, _projectedCross, _row) = (new double[size], new double[size], new double[size]);
        var square = _effects * _effects;
        (_m, _x, _alpha, _eta) = (new double[square], new double[square], new double[square], new double[square]);
        (_alphaFactor, _etaFactor, _alphaBoth, _etaBoth) = (new double[square], new double[square], new double[square], new double[square]);
        _ofAbsorbed = new double[structure.Parameters.Count * structure.Parameters.Count];
        _crosses = [.. structure.Parameters.Select(_ => new double[size])];
    }

    /// <summary>Keeps the derivative of E'V⁻¹r in a parameter.</summary>
    public void KeepCross(int parameter, ReadOnlySpan<double> cross) => cross.CopyTo(_crosses[parameter]);

    /// <summary>Sets N, and sums the second derivatives in the absorbed parameters over classes.</summary>
    public void Prepare(
        StructuredDesign design,
        RelativeFactors factors,
        ReadOnlySpan<double> inverse,
        ReadOnlySpan<double> solution,
        double kappa,
        ProfilePoint point,
        AbsorbedInformation absorbed,
        ResponseSums sums
    )
    {
        (_size, _kappa) = (design.Size, kappa);
        solution[.._size].CopyTo(_solution);
        var contraction = _contraction.AsSpan(0, _size * _size);
        inverse[..contraction.Length].CopyTo(contraction);
        for (var c = 0; c < _size; c++)
            FixedOrder.Add(kappa * solution[c], solution[.._size], contraction.Slice(c * _size, _size));
        Project(factors);
        Array.Clear(_ofAbsorbed);
        for (var k = 0; k < design.Groups.Classes; k++)
        {
            if (design.Groups.Pool[k] is not (>= 0 and var pool))
                continue;
            var pair = 0;
            for (var a = 0; a < _effects; a++)
            for (var b = a; b < _effects; b++, pair++)
            {
                var products = design.Groups.Products.AsSpan(((pool * design.Groups.Pairs) + pair) * _size * _size, _size * _size);
                var sum =
                    FixedOrder.Dot(_projected.AsSpan(0, products.Length), products)
                    + (2 * FixedOrder.Dot(_projectedCross.AsSpan(0, _size), sums.PooledCross(pool, pair, _size)))
                    + (kappa * sums.PooledSquares(pool, pair));
                _m[(a * _effects) + b] = _m[(b * _effects) + a] = a == b ? sum : sum / 2;
            }
            AddClass(design.Groups, k, design.Groups.CountOfClass[k], factors.Absorbed, point.Inverses, absorbed);
        }
        for (var group = 0; group < design.Groups.Count && design.Groups.Pools < design.Groups.Classes; group++)
        {
            var k = design.Groups.ClassOf[group];
            if (design.Groups.Pool[k] >= 0)
                continue;
            ContractGroup(design, group, sums);
            AddClass(design.Groups, k, 1, factors.Absorbed, point.Inverses, absorbed);
        }
    }

    /// <summary>The contraction for two absorbed parameters.</summary>
    public double OfAbsorbed(int k, int l) => _ofAbsorbed[(Math.Max(k, l) * _structure.Parameters.Count) + Math.Min(k, l)];

    /// <summary>The contraction for an absorbed parameter and one of the dense block.</summary>
    /// <param name="parameter">The absorbed parameter.</param>
    /// <param name="product">The derivative of E'V⁻¹E in it, times T.</param>
    /// <param name="dense">The parameter of the dense block.</param>
    public double Mixed(int parameter, ReadOnlySpan<double> product, ThetaParameter dense)
    {
        var term = _structure.Terms[dense.Term];
        var end = term.Start + (term.Effects * _structure.Factors[term.Factor].Levels);
        var sum = 0.0;
        for (var at = term.Start; at < end; at += term.Effects)
        {
            var (to, from) = (at + dense.Column, at + dense.Row);
            sum += FixedOrder.Dot(_contraction.AsSpan(to * _size, _size), product.Slice(from * _size, _size));
            sum -= _kappa * _solution[to] * _crosses[parameter][from];
        }
        return 2 * sum;
    }

    /// <summary>The contraction for two parameters of the dense block.</summary>
    /// <param name="information">E'V⁻¹E.</param>
    /// <param name="first">A parameter.</param>
    /// <param name="second">A parameter.</param>
    public double OfDense(ReadOnlySpan<double> information, ThetaParameter first, ThetaParameter second)
    {
        var (a, b) = (_structure.Terms[first.Term], _structure.Terms[second.Term]);
        var (endA, endB) = (
            a.Start + (a.Effects * _structure.Factors[a.Factor].Levels),
            b.Start + (b.Effects * _structure.Factors[b.Factor].Levels)
        );
        var sum = 0.0;
        for (var i = a.Start; i < endA; i += a.Effects)
        for (var j = b.Start; j < endB; j += b.Effects)
            sum += _contraction[((i + first.Column) * _size) + j + second.Column] * information[((i + first.Row) * _size) + j + second.Row];
        return 2 * sum;
    }

    /// <summary>T N T', and its border.</summary>
    private void Project(RelativeFactors factors)
    {
        var scratch = _scratch.AsSpan(0, _size * _size);
        _contraction.AsSpan(0, scratch.Length).CopyTo(scratch);
        factors.MultiplyRightTransposed(scratch, _size, _size);
        for (var a = 0; a < _size; a++)
        for (var b = 0; b < _size; b++)
            _projected[(a * _size) + b] = scratch[(b * _size) + a];
        factors.MultiplyRightTransposed(_projected, _size, _size);
        for (var c = 0; c < _size; c++)
            _projectedCross[c] = -_kappa * _solution[c];
        factors.Times(_projectedCross.AsSpan(0, _size));
    }

    private void ContractGroup(StructuredDesign design, int group, ResponseSums sums)
    {
        var u = design.Coordinates.AsSpan(group * _effects * _size, _effects * _size);
        var r = sums.Coordinates.AsSpan(group * _effects, _effects);
        var row = _row.AsSpan(0, _size);
        var cross = _projectedCross.AsSpan(0, _size);
        for (var a = 0; a < _effects; a++)
        {
            var own = u.Slice(a * _size, _size);
            for (var c = 0; c < _size; c++)
                row[c] = FixedOrder.Dot(_projected.AsSpan(c * _size, _size), own);
            for (var b = a; b < _effects; b++)
            {
                var other = u.Slice(b * _size, _size);
                _m[(a * _effects) + b] = _m[(b * _effects) + a] =
                    FixedOrder.Dot(row, other)
                    + (FixedOrder.Dot(cross, own) * r[b])
                    + (FixedOrder.Dot(cross, other) * r[a])
                    + (_kappa * r[a] * r[b]);
            }
        }
    }

    /// <summary>
    /// Adds tr(C⁻¹″ M) + count (ln |C|)″ of a class. With X = C⁻¹R, α = R'X and η = X'M X, R by columns and Λ = the absorbed factor, all
    /// traces are entries of α, αΛ, Λ'αΛ and the same of η.
    /// </summary>
    private void AddClass(
        AbsorbedGroups groups,
        int k,
        int count,
        ReadOnlySpan<double> factor,
        ReadOnlySpan<double> inverses,
        AbsorbedInformation absorbed
    )
    {
        var r = groups.OfClass(k);
        var all = _structure.Parameters.Count;
        absorbed.Solve(r, inverses.Slice(k * groups.Pairs, groups.Pairs), _x);
        SmallMatrix.MultiplyTransposed(r, _x, _effects, _alpha);
        SmallMatrix.Multiply(_m, _x, _effects, _etaBoth);
        SmallMatrix.MultiplyTransposed(_x, _etaBoth, _effects, _eta);
        SmallMatrix.Multiply(_alpha, factor, _effects, _alphaFactor);
        SmallMatrix.Multiply(_eta, factor, _effects, _etaFactor);
        SmallMatrix.MultiplyTransposed(factor, _alphaFactor, _effects, _alphaBoth);
        SmallMatrix.MultiplyTransposed(factor, _etaFactor, _effects, _etaBoth);
        for (var p = 0; p < all; p++)
        for (var q = 0; q <= p; q++)
        {
            var (first, second) = (_structure.Parameters[p], _structure.Parameters[q]);
            if (!_structure.Terms[first.Term].IsAbsorbed || !_structure.Terms[second.Term].IsAbsorbed)
                continue;
            var (start, other) = (_structure.Terms[first.Term].Start, _structure.Terms[second.Term].Start);
            _ofAbsorbed[(p * all) + q] += Curvature(
                start + first.Row,
                start + first.Column,
                other + second.Row,
                other + second.Column,
                count
            );
        }
    }

    private double Curvature(int a, int b, int c, int d, int count)
    {
        var n = _effects;
        var weighted =
            (_alphaFactor[(c * n) + b] * _etaFactor[(a * n) + d])
            + (_alphaBoth[(b * n) + d] * _eta[(c * n) + a])
            + (_alpha[(a * n) + c] * _etaBoth[(d * n) + b])
            + (_alphaFactor[(a * n) + d] * _etaFactor[(c * n) + b]);
        var plain = (_alphaFactor[(c * n) + b] * _alphaFactor[(a * n) + d]) + (_alphaBoth[(b * n) + d] * _alpha[(a * n) + c]);
        var direct = b == d ? (count * _alpha[(a * n) + c]) - _eta[(a * n) + c] : 0;
        return 2 * (weighted + direct - (count * plain));
    }
}
