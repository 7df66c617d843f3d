using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Adjustment;

/// <summary>
/// The part of <see cref="KenwardRogerSums"/> that belongs to the absorbed effects: sums over their groups, in which
/// <see cref="GroupRoots"/> stands for those of large classes. A workspace of one thread.
/// </summary>
/// <remarks>
/// H between two groups is -FF', F the rows of Y over the dense random effects' columns; in a group it is N - FF', N = Z'W⁻¹Z. Traces and
/// products over pairs of groups are therefore products of sums over groups.
/// </remarks>
internal sealed class KenwardRogerGroups
{
    private readonly RandomStructure _structure;
    private readonly int _effects;
    private readonly int _dense;
    private readonly double[] _x;
    private readonly double[] _n;
    private readonly double[] _shared;
    private readonly double[] _coordinates;
    private readonly double[] _y;
    private readonly double[] _s;
    private readonly double[] _h;
    private readonly double[][] _left;
    private readonly double[][] _crossed;
    private readonly double[][] _squared;
    private readonly double[][] _ofDense;
    private readonly double[] _traces;
    private KenwardRogerCovariance _target = null!;
    private StructuredDesign _design = null!;

    public KenwardRogerGroups(RandomStructure structure, int columns)
    {
        (_structure, _effects, _dense) = (structure, structure.AbsorbedEffects, structure.DenseColumns);
        var (size, square) = (_dense + columns, _effects * _effects);
        (_x, _n, _shared) = (new double[square], new double[square], new double[square]);
        (_coordinates, _y) = (new double[_effects * size], new double[_effects * size]);
        (_s, _h) = (new double[_effects * columns], new double[_effects * _dense]);
        (_left, _crossed) = (Matrices(columns * _dense), Matrices(columns * _dense));
        (_squared, _ofDense) = (Matrices(_dense * _dense), Matrices(_dense * _dense));
        _traces = new double[structure.Parameters.Count];

        double[][] Matrices(int length) => [.. structure.Parameters.Select(one => new double[IsAbsorbed(one) ? length : 0])];
    }

    private int Rank => _design.Rank;

    /// <summary>Σ S'E H over the groups of an absorbed parameter, H between the group and the dense effects, rank × dense.</summary>
    public ReadOnlySpan<double> Crossed(int parameter) => _crossed[parameter];

    /// <summary>Σ H'E H of the same, dense × dense.</summary>
    public ReadOnlySpan<double> OfDense(int parameter) => _ofDense[parameter];

    /// <summary>tr(V⁻¹G) of an absorbed parameter.</summary>
    public double Trace(int parameter) => _traces[parameter];

    /// <summary>A row of S from one of Y.</summary>
    public static void Sensitivity(ProfilePoint point, ReadOnlySpan<double> y, int dense, Span<double> target)
    {
        for (var c = 0; c < target.Length; c++)
            target[c] = FixedOrder.Dot(point.Factor.AsSpan(((dense + c) * y.Length) + dense, c + 1), y.Slice(dense, c + 1));
    }

    /// <summary>Copies a trace and the transpose of a product to the pair in the other order.</summary>
    public static void Mirror(KenwardRogerCovariance target, int p, int q, int rank)
    {
        target.Traces[q, p] = target.Traces[p, q];
        if (p == q)
            return;
        var from = target.Product(p, q, rank);
        var to = target.Product(q, p, rank);
        for (var a = 0; a < rank; a++)
        for (var b = 0; b < rank; b++)
            to[(b * rank) + a] = from[(a * rank) + b];
    }

    /// <summary>Sums over the groups; slopes, products and traces of absorbed parameters into <paramref name="target"/>.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="factors">The relative factors.</param>
    /// <param name="absorbed">The absorbed groups' algebra.</param>
    /// <param name="point">θ.</param>
    /// <param name="denseY">Y of the dense random effects.</param>
    /// <param name="target">Receives them; zeros before.</param>
    public void Sum(
        StructuredDesign design,
        RelativeFactors factors,
        AbsorbedInformation absorbed,
        ProfilePoint point,
        ReadOnlySpan<double> denseY,
        KenwardRogerCovariance target
    )
    {
        (_design, _target) = (design, target);
        Array.Clear(_traces);
        foreach (var sums in (ReadOnlySpan<double[][]>)[_left, _crossed, _squared, _ofDense])
        foreach (var one in sums)
            Array.Clear(one);
        var roots = design.Roots ??= new(design, _effects);
        for (var i = 0; i < roots.Count; i++)
        {
            var (k, count) = roots[i];
            Load(k, roots.Of(i), factors, absorbed, point, denseY);
            for (var p = 0; p < _traces.Length; p++)
                if (IsAbsorbed(_structure.Parameters[p]))
                    Add(p, Pair(p), count);
        }
        Finish();
    }

    private bool IsAbsorbed(ThetaParameter parameter) => _structure.Terms[parameter.Term].IsAbsorbed;

    /// <summary>The absorbed effects whose covariance a parameter is.</summary>
    private (int A, int B) Pair(int parameter)
    {
        var (index, row, column) = _structure.Parameters[parameter];
        return (_structure.Terms[index].Start + row, _structure.Terms[index].Start + column);
    }

    /// <summary>Computes N of a class, and Y, S and H of coordinates u.</summary>
    private void Load(
        int k,
        ReadOnlySpan<double> u,
        RelativeFactors factors,
        AbsorbedInformation absorbed,
        ProfilePoint point,
        ReadOnlySpan<double> denseY
    )
    {
        var (size, groups) = (_design.Size, _design.Groups);
        var r = groups.OfClass(k);
        absorbed.Solve(r, point.Inverses.AsSpan(k * groups.Pairs, groups.Pairs), _x);
        for (var a = 0; a < _effects; a++)
        {
            var coordinates = _coordinates.AsSpan(a * size, size);
            coordinates.Clear();
            for (var b = 0; b < _effects; b++)
            {
                FixedOrder.Add(_x[(b * _effects) + a], u.Slice(b * size, size), coordinates);
                _n[(a * _effects) + b] = 0;
                for (var c = 0; c < _effects; c++)
                    _n[(a * _effects) + b] += _x[(c * _effects) + a] * r[(c * _effects) + b];
            }
            var y = _y.AsSpan(a * size, size);
            coordinates.CopyTo(y);
            factors.TransposedTimes(y);
            Cholesky.SolveLower(point.Factor, size, y);
            Sensitivity(point, y, _dense, _s.AsSpan(a * Rank, Rank));
            for (var j = 0; j < _dense; j++)
                _h[(a * _dense) + j] = coordinates[j] - FixedOrder.Dot(y[.._dense], denseY.Slice(j * size, _dense));
            for (var b = 0; b <= a; b++)
                _shared[(a * _effects) + b] = _shared[(b * _effects) + a] = FixedOrder.Dot(y[.._dense], _y.AsSpan(b * size, _dense));
        }
    }

    /// <summary>Adds what the current coordinates contribute to a parameter of the absorbed effects, and N of some groups.</summary>
    private void Add(int p, (int A, int B) pair, int groups)
    {
        AddOuter(_s, Rank, _s, Rank, pair, _target.Slope(p, Rank));
        AddOuter(_s, Rank, _h, _dense, pair, _crossed[p]);
        AddOuter(_s, Rank, _y, _design.Size, pair, _left[p], _dense);
        AddOuter(_y, _design.Size, _y, _design.Size, pair, _squared[p], _dense);
        AddOuter(_h, _dense, _h, _dense, pair, _ofDense[p]);
        _traces[p] += (pair.A == pair.B ? 1 : 2) * ((groups * _n[(pair.A * _effects) + pair.B]) - _shared[(pair.A * _effects) + pair.B]);
        for (var q = 0; q <= p; q++)
        {
            if (!IsAbsorbed(_structure.Parameters[q]))
                continue;
            var other = Pair(q);
            var product = _target.Product(p, q, Rank);
            var trace = 0.0;
            for (var swap = 0; swap < (pair.A == pair.B ? 1 : 2); swap++)
            for (var swapOther = 0; swapOther < (other.A == other.B ? 1 : 2); swapOther++)
            {
                var (i, j) = swap == 0 ? pair : (pair.B, pair.A);
                var (k, l) = swapOther == 0 ? other : (other.B, other.A);
                var (n, w) = (_n[(j * _effects) + k], _shared[(j * _effects) + k]);
                var (nBack, wBack) = (_n[(l * _effects) + i], _shared[(l * _effects) + i]);
                trace += (groups * n * nBack) - (n * wBack) - (w * nBack);
                for (var row = 0; row < Rank; row++)
                    FixedOrder.Add(n * _s[(i * Rank) + row], _s.AsSpan(l * Rank, Rank), product.Slice(row * Rank, Rank));
            }
            _target.Traces[p, q] += trace;
        }
    }

    /// <summary>Adds the other groups' parts of products and traces of two parameters of the absorbed effects.</summary>
    private void Finish()
    {
        for (var p = 0; p < _traces.Length; p++)
        for (var q = 0; q <= p; q++)
        {
            if (!IsAbsorbed(_structure.Parameters[p]) || !IsAbsorbed(_structure.Parameters[q]))
                continue;
            var product = _target.Product(p, q, Rank);
            for (var a = 0; a < Rank; a++)
            for (var b = 0; b < Rank; b++)
                product[(a * Rank) + b] -= FixedOrder.Dot(_left[p].AsSpan(a * _dense, _dense), _left[q].AsSpan(b * _dense, _dense));
            // Both matrices are symmetric.
            _target.Traces[p, q] += FixedOrder.Dot(_squared[p], _squared[q]);
            Mirror(_target, p, q, Rank);
        }
    }

    /// <summary>Adds L'E R of the current group, E with ones at a pair and its mirror image; the first columns of R.</summary>
    private static void AddOuter(
        double[] left,
        int leftStride,
        double[] right,
        int rightStride,
        (int A, int B) pair,
        Span<double> target,
        int? count = null
    )
    {
        var columns = count ?? rightStride;
        var rows = target.Length / Math.Max(1, columns);
        for (var swap = 0; swap < (pair.A == pair.B ? 1 : 2); swap++)
        {
            var (a, b) = swap == 0 ? pair : (pair.B, pair.A);
            for (var row = 0; row < rows; row++)
                FixedOrder.Add(left[(a * leftStride) + row], right.AsSpan(b * rightStride, columns), target.Slice(row * columns, columns));
        }
    }
}
