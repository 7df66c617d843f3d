using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The slopes of the factor of an arrow, whose border of groups comes after the other columns: its operations grow linearly with groups.
/// </summary>
/// <remarks>
/// With T the others' triangular factor, u = T⁻ᵀ Xᵀz of a group and δ = m + κ, the block of groups is diag(δ) - U Uᵀ. Its factor has the
/// diagonal l, <c>l² = δ - uᵀP u</c>, and below it <c>-uᵢᵀ wⱼ</c> with <c>w = P u / l</c> and P = I + Σ w wᵀ over earlier groups; its
/// inverse has 1/l and <c>wᵢᵀuⱼ / δⱼ</c>, as the Sherman-Morrison formula shows. So <c>L⁻¹L⁻ᵀ</c> has wᵢᵀhⱼ below its diagonal, and
/// the shares of other penalties have <c>wᵢᵀ Kₐ wⱼ</c> with Kₐ their share in the other columns: rows of Φ(M) are combinations of two
/// sequences of vectors, S = [I, -w₁, -w₂ …] and R = [0, h₁, h₂ …], and traces of products follow from S N Sᵀ, S N Rᵀ and R N Rᵀ,
/// N = I - Σ M, which gain one column per group. Semiseparable matrices: Vandebril, Van Barel and Mastronardi 2008, Matrix Computations and
/// Semiseparable Matrices, vol. 1, ch. 4.
/// </remarks>
internal sealed class AbsorbedFactorSlopes : IFactorSlopes
{
    private readonly AbsorbedEffect _effect;
    private readonly PenaltyDeterminant? _factor;
    private readonly DenseMatrix _triangle; // T if nothing else is penalised
    private readonly int _d;
    private readonly int _own;
    private readonly DenseMatrix _groupSums; // Xᵀz of each group, as rows
    private readonly DenseMatrix _others; // K = Σ Kₐ
    private readonly DenseMatrix _head; // I - K
    private readonly DenseMatrix _growth; // P = S Sᵀ
    private readonly DenseMatrix _crossGrowth; // S Rᵀ
    private readonly DenseMatrix _inverseGrowth; // R Rᵀ
    private readonly DenseMatrix _squares; // Σ u uᵀ / δ²
    private readonly DenseMatrix _ss,
        _sr,
        _rr;
    private readonly double[] _u,
        _w,
        _h,
        _kw,
        _seen,
        _seenInverse,
        _scratch;
    private readonly double[][] _loads; // per penalty, the row's combination of S, or of R for the own one
    private readonly double[] _halves; // per penalty, its entry on the diagonal of Φ
    private readonly double[][] _slopes; // Φ(Kₐ)
    private readonly double[] _products;

    /// <summary>Creates the workspace for a design whose absorbed effect is its last smooth.</summary>
    public AbsorbedFactorSlopes(GamDesign design)
    {
        _effect = design.Absorbed!;
        _own = _effect.Penalty;
        var columns = new PenalisedColumnsInOrder(design, isComplete: false);
        _d = columns.Kept.Length;
        var kept = design.X.TakeColumns(columns.Kept);
        _factor = _own > 0 ? columns.Factor() : null;
        _triangle = new ThinQr(kept).R;
        _groupSums = new DenseMatrix(_effect.Groups, _d);
        for (var i = 0; i < design.Rows; i++)
            if (_effect.GroupOf(i) is >= 0 and var group)
                FixedOrder.Add(_effect.Value(i), kept.Row(i), _groupSums.Row(group));
        (_others, _head, _growth, _crossGrowth) = (Square(), Square(), Square(), Square());
        (_inverseGrowth, _squares, _ss, _sr, _rr) = (Square(), Square(), Square(), Square(), Square());
        (_u, _w, _h, _kw) = (new double[_d], new double[_d], new double[_d], new double[_d]);
        (_seen, _seenInverse, _scratch) = (new double[_d], new double[_d], new double[_d]);
        _loads = [.. Enumerable.Range(0, _own + 1).Select(_ => new double[_d])];
        _slopes = [.. Enumerable.Range(0, _own).Select(_ => new double[_d * _d])];
        _halves = new double[_own + 1];
        _products = new double[(_own + 1) * (_own + 1)];
    }

    /// <summary>Whether it applies: the absorbed effect is the last smooth.</summary>
    public static bool Handles(GamDesign design) => design.Absorbed is { } effect && effect.Smooth == design.Smooths.Count - 1;

    /// <inheritdoc/>
    public double Product(int a, int b) => _products[(Math.Max(a, b) * (_own + 1)) + Math.Min(a, b)];

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> lambda)
    {
        Start(lambda);
        var penalty = lambda[_own] * _effect.PenaltyScale;
        for (var group = 0; group < _effect.Groups; group++)
            AddGroup(_groupSums.Row(group), _effect.GroupMass[group] + penalty, penalty);
    }

    private DenseMatrix Triangle => _factor?.Triangle ?? _triangle;

    /// <summary>The columns before the groups.</summary>
    private void Start(ReadOnlySpan<double> lambda)
    {
        _factor?.Evaluate(lambda, 0, [], []);
        Array.Clear(_others.Values);
        for (var j = 0; j < _own; j++)
            FixedOrder.Add(1, _factor!.Share(j).Values, _others.Values);
        foreach (var matrix in (ReadOnlySpan<DenseMatrix>)[_growth, _crossGrowth, _inverseGrowth, _squares, _sr, _rr])
            Array.Clear(matrix.Values);
        for (var i = 0; i < _d; i++)
        {
            _growth[i, i] = 1;
            for (var j = 0; j < _d; j++)
                _head[i, j] = (i == j ? 1 : 0) - _others[i, j];
        }
        _head.Values.CopyTo(_ss.Values, 0);
        Array.Clear(_products);
        for (var a = 0; a < _own; a++)
        {
            Array.Clear(_slopes[a]);
            for (var i = 0; i < _d; i++)
            {
                _factor!.Share(a).Row(i)[..(i + 1)].CopyTo(_slopes[a].AsSpan(i * _d));
                _slopes[a][(i * _d) + i] /= 2;
            }
        }
        for (var a = 0; a < _own; a++)
        for (var i = 0; i < _d; i++)
        {
            _scratch.AsSpan().Clear();
            for (var k = 0; k <= i; k++)
                FixedOrder.Add(_slopes[a][(i * _d) + k], _head.Row(k), _scratch);
            for (var b = 0; b <= a; b++)
                _products[(a * (_own + 1)) + b] += FixedOrder.Dot(_scratch, _slopes[b].AsSpan(i * _d, _d));
        }
    }

    private void AddGroup(ReadOnlySpan<double> sums, double delta, double penalty)
    {
        SolveTransposed(sums);
        Multiply(_growth, _u, _w);
        var pivot = Math.Sqrt(delta - FixedOrder.Dot(_u, _w));
        for (var i = 0; i < _d; i++)
            _w[i] /= pivot;
        Multiply(_squares, _w, _h);
        var inverseSquares = FixedOrder.Dot(_w, _h) + (1 / (pivot * pivot));
        FixedOrder.Add(1 / (delta * pivot), _u, _h);
        Multiply(_others, _w, _kw);
        var own = 1 - FixedOrder.Dot(_w, _kw) - (penalty * inverseSquares);
        Multiply(_growth, _kw, _seen);
        MultiplyTransposed(_crossGrowth, _kw, _seenInverse);
        for (var i = 0; i < _d; i++)
        {
            _seen[i] -= penalty * FixedOrder.Dot(_crossGrowth.Row(i), _w);
            _seenInverse[i] -= penalty * FixedOrder.Dot(_inverseGrowth.Row(i), _w);
        }
        AddRow(own, penalty, inverseSquares);
        AddColumn(own, delta);
    }

    /// <summary>The group's rows of Φ(M).</summary>
    private void AddRow(double own, double penalty, double inverseSquares)
    {
        for (var a = 0; a < _own; a++)
        {
            Multiply(_factor!.Share(a), _w, _loads[a]);
            _halves[a] = 0.5 * FixedOrder.Dot(_w, _loads[a]);
            for (var i = 0; i < _d; i++)
                _loads[a][i] = -_loads[a][i];
        }
        for (var i = 0; i < _d; i++)
            _loads[_own][i] = penalty * _w[i];
        _halves[_own] = 0.5 * penalty * inverseSquares;
        for (var b = 0; b < _own; b++)
        {
            var seen = FixedOrder.Dot(_seen, _loads[b]);
            Multiply(_ss, _loads[b], _scratch);
            FixedOrder.Add(_halves[b], _seen, _scratch);
            for (var a = b; a < _own; a++)
                Add(a, b, seen, own);
            MultiplyTransposed(_sr, _loads[b], _scratch);
            FixedOrder.Add(_halves[b], _seenInverse, _scratch);
            Add(_own, b, seen, own);
        }
        Multiply(_rr, _loads[_own], _scratch);
        FixedOrder.Add(_halves[_own], _seenInverse, _scratch);
        Add(_own, _own, FixedOrder.Dot(_seenInverse, _loads[_own]), own);
    }

    /// <summary>The group's columns of S and R.</summary>
    private void AddColumn(double own, double delta)
    {
        for (var i = 0; i < _d; i++)
        {
            FixedOrder.Add(-_seen[i] + (own * _w[i]), _w, _ss.Row(i));
            FixedOrder.Add(-_w[i], _seen, _ss.Row(i));
            FixedOrder.Add(_seen[i] - (own * _w[i]), _h, _sr.Row(i));
            FixedOrder.Add(-_w[i], _seenInverse, _sr.Row(i));
            FixedOrder.Add(_seenInverse[i] + (own * _h[i]), _h, _rr.Row(i));
            FixedOrder.Add(_h[i], _seenInverse, _rr.Row(i));
            FixedOrder.Add(_w[i], _w, _growth.Row(i));
            FixedOrder.Add(-_w[i], _h, _crossGrowth.Row(i));
            FixedOrder.Add(_h[i], _h, _inverseGrowth.Row(i));
            FixedOrder.Add(_u[i] / (delta * delta), _u, _squares.Row(i));
        }
    }

    private void Add(int a, int b, double seen, double own) =>
        _products[(a * (_own + 1)) + b] += FixedOrder.Dot(_loads[a], _scratch) + (_halves[a] * (seen + (_halves[b] * own)));

    /// <summary>u = T⁻ᵀ x.</summary>
    private void SolveTransposed(ReadOnlySpan<double> x)
    {
        var triangle = Triangle;
        x.CopyTo(_u);
        for (var i = 0; i < _d; i++)
        {
            _u[i] /= triangle[i, i];
            FixedOrder.Add(-_u[i], triangle.Row(i)[(i + 1)..], _u.AsSpan(i + 1));
        }
    }

    private static void Multiply(DenseMatrix matrix, ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = FixedOrder.Dot(matrix.Row(i), x);
    }

    private static void MultiplyTransposed(DenseMatrix matrix, ReadOnlySpan<double> x, Span<double> result)
    {
        result.Clear();
        for (var i = 0; i < x.Length; i++)
            FixedOrder.Add(x[i], matrix.Row(i), result);
    }

    private DenseMatrix Square() => new(_d, _d);
}
