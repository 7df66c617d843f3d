using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The slopes of the factor of a model with blocked effects, whose columns come after the others, group by group in the order of a
/// group's effects: its operations grow linearly with groups.
/// </summary>
/// <remarks>
/// As <see cref="AbsorbedFactorSlopes"/>, with blocks: T the others' triangular factor, U = T⁻ᵀ XᵀZ of a group, D = ZᵀZ + Ψ⁻¹, and
/// P = I + Σ W Wᵀ over earlier groups, the factor's diagonal block is that of <c>D - Uᵀ P U</c>, <c>W = P U L⁻ᵀ</c>, blocks below it are
/// <c>-Uᵀ W</c>, and those of the inverse <c>Wᵀ U D⁻¹</c>. A covariance parameter of the effects has the rows <c>Wᵀ R</c>,
/// <c>R = Q W + U D⁻¹ ∂Ψ⁻¹ L⁻ᵀ</c>, <c>Q = Σ U D⁻¹ ∂Ψ⁻¹ D⁻¹ Uᵀ</c> over earlier groups. The result does not depend on units and centres
/// of covariates.
/// </remarks>
internal sealed class BlockedFactorSlopes : IFactorSlopes
{
    private readonly BlockedEffects _effects;
    private readonly BlockedHead _head;
    private readonly CovarianceFactor _factor;
    private readonly int _d;
    private readonly int _q;
    private readonly int _m;
    private readonly DenseMatrix[] _precisions; // per entry ∂Ψ⁻¹, at last Ψ⁻¹
    private readonly DenseMatrix _growth; // P
    private readonly DenseMatrix[] _crossGrowth; // per entry and at last Ψ⁻¹: Σ W Rᵀ
    private readonly DenseMatrix[] _inverseGrowth; // per entry: Σ R Rᵀ with that of Ψ⁻¹
    private readonly DenseMatrix[] _squares; // Q
    private readonly DenseMatrix[,] _known; // products of S and R with N between them
    private readonly DenseMatrix _u,
        _w,
        _own,
        _block,
        _inverseBlock,
        _scaled,
        _kw;
    private readonly DenseMatrix[] _r; // R
    private readonly DenseMatrix[] _inner; // per parameter, and at last all, the group's block
    private readonly DenseMatrix[] _seen; // of S, then of R: products with N's columns of the group
    private readonly DenseMatrix[] _loads; // per parameter, d × effects
    private readonly double[] _scratch,
        _small,
        _products;

    /// <summary>Creates the workspace.</summary>
    public BlockedFactorSlopes(GamDesign design)
    {
        _effects = design.Blocks!;
        (_m, _q) = (design.PenaltyCount, _effects.Effects);
        _head = new(design);
        _factor = new(_q, _effects.Entries);
        _d = _head.Size;
        var entries = _effects.Entries.Length;
        _precisions = Matrices(entries + 1, _q, _q);
        (_growth, _crossGrowth, _inverseGrowth) = (new(_d, _d), Matrices(entries + 1, _d, _d), Matrices(entries, _d, _d));
        _squares = Matrices(entries + 1, _d, _d);
        _known = new DenseMatrix[entries + 1, entries + 1];
        for (var a = 0; a <= entries; a++)
        for (var b = 0; b <= entries; b++)
            _known[a, b] = new(_d, _d);
        (_u, _w, _kw, _scaled) = (new(_d, _q), new(_d, _q), new(_d, _q), new(_d, _q));
        (_own, _block, _inverseBlock) = (new(_q, _q), new(_q, _q), new(_q, _q));
        (_r, _inner, _seen) = (Matrices(entries + 1, _d, _q), Matrices(_m + 1, _q, _q), Matrices(entries + 1, _d, _q));
        _loads = Matrices(_m, _d, _q);
        (_scratch, _small, _products) = (new double[_d], new double[_q * _q], new double[_m * _m]);
    }

    /// <inheritdoc/>
    public double Product(int a, int b) => _products[(Math.Max(a, b) * _m) + Math.Min(a, b)];

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> lambda)
    {
        _factor.Set(lambda);
        _head.Evaluate(lambda);
        var last = _precisions[^1].Values;
        _factor.WritePrecision(last);
        for (var e = 0; e < _precisions.Length - 1; e++)
        {
            SmallMatrix.Multiply(last, _factor.Slope(e), _q, _small);
            SmallMatrix.Multiply(_small, last, _q, _precisions[e].Values);
            for (var i = 0; i < _small.Length; i++)
                _precisions[e].Values[i] = -_precisions[e].Values[i];
        }
        Start();
        for (var group = 0; group < _effects.Groups.Length; group++)
            AddGroup(group);
    }

    /// <summary>The columns before the groups.</summary>
    private void Start()
    {
        foreach (var matrices in (ReadOnlySpan<DenseMatrix[]>)[_crossGrowth, _inverseGrowth, _squares])
        foreach (var matrix in matrices)
            Array.Clear(matrix.Values);
        foreach (var matrix in _known)
            Array.Clear(matrix.Values);
        Array.Clear(_growth.Values);
        Array.Clear(_products);
        for (var i = 0; i < _d; i++)
        {
            _growth[i, i] = 1;
            for (var j = 0; j < _d; j++)
                _known[0, 0][i, j] = (i == j ? 1 : 0) - _head.All[i, j];
        }
        for (var a = 0; a < _m; a++)
        for (var i = 0; _effects.EntryOf(a) < 0 && i < _d; i++)
        {
            _scratch.AsSpan().Clear();
            for (var k = 0; k <= i; k++)
                FixedOrder.Add(_head.Share(a)[i, k] * (k == i ? 0.5 : 1), _known[0, 0].Row(k), _scratch);
            for (var b = 0; b <= a; b++)
            for (var k = 0; _effects.EntryOf(b) < 0 && k <= i; k++)
                _products[(a * _m) + b] += _scratch[k] * _head.Share(b)[i, k] * (k == i ? 0.5 : 1);
        }
    }

    private void AddGroup(int group)
    {
        SetFactor(group);
        for (var e = 0; e < _r.Length; e++)
            SetInverse(e);
        SetInner();
        SetSeen();
        for (var a = 0; a < _m; a++)
            SetLoad(a);
        for (var a = 0; a < _m; a++)
        for (var b = 0; b <= a; b++)
        for (var row = 0; row < _q; row++)
            _products[(a * _m) + b] += OfRow(a, b, row);
        Grow();
    }

    /// <summary>U, the factor's block and W.</summary>
    private void SetFactor(int group)
    {
        var (k, first) = (_effects.Groups[group].Class, _effects.Groups[group].First);
        var triangle = _effects.Triangles[k];
        for (var a = 0; a < _q; a++)
        {
            _scratch.AsSpan().Clear();
            for (var r = 0; r < triangle.Rows; r++)
                FixedOrder.Add(triangle[r, a], _head.Directions.Row(first + r), _scratch);
            _head.SolveTransposed(_scratch);
            for (var i = 0; i < _d; i++)
                _u[i, a] = _scratch[i];
        }
        // D, and its inverse in _own.
        _precisions[^1].Values.CopyTo(_block.Values, 0);
        for (var a = 0; a < _q; a++)
        for (var b = 0; b < _q; b++)
        for (var r = 0; r < triangle.Rows; r++)
            _block[a, b] += triangle[r, a] * triangle[r, b];
        _block.Values.CopyTo(_own.Values, 0);
        SmallMatrix.Invert(_own.Values, _q);
        Multiply(_growth, _u, _scaled);
        for (var a = 0; a < _q; a++)
        for (var b = 0; b < _q; b++)
        for (var i = 0; i < _d; i++)
            _block[a, b] -= _u[i, a] * _scaled[i, b];
        Cholesky.TryFactor(_block);
        Cholesky.InvertFactor(_block, _inverseBlock);
        for (var i = 0; i < _d; i++)
        for (var a = 0; a < _q; a++)
        {
            _w[i, a] = 0;
            for (var b = 0; b <= a; b++)
                _w[i, a] += _scaled[i, b] * _inverseBlock[a, b];
        }
    }

    /// <summary>R and the group's block of one derivative of Ψ⁻¹, or of itself.</summary>
    private void SetInverse(int entry)
    {
        Multiply(_squares[entry], _w, _r[entry]);
        var inner = entry < _r.Length - 1 ? _inner[_effects.Entries[entry].Parameter] : _inner[^1];
        // L⁻¹ ∂Ψ⁻¹ and with it the block.
        for (var a = 0; a < _q; a++)
        for (var b = 0; b < _q; b++)
        {
            var sum = 0.0;
            for (var l = 0; l <= a; l++)
                sum += _inverseBlock[a, l] * _precisions[entry][l, b];
            _small[(a * _q) + b] = sum;
        }
        for (var a = 0; a < _q; a++)
        for (var b = 0; b < _q; b++)
        {
            var sum = 0.0;
            for (var l = 0; l <= b; l++)
                sum += _small[(a * _q) + l] * _inverseBlock[b, l];
            for (var i = 0; i < _d; i++)
                sum += _w[i, a] * _r[entry][i, b];
            inner[a, b] = sum;
        }
        // U D⁻¹ ∂Ψ⁻¹ L⁻ᵀ.
        Multiply(_u, _own, _scaled);
        for (var i = 0; i < _d; i++)
        for (var b = 0; b < _q; b++)
        for (var a = 0; a < _q; a++)
            _r[entry][i, b] += _scaled[i, a] * _small[(b * _q) + a];
    }

    /// <summary>The group's blocks of the other parameters, and of all.</summary>
    private void SetInner()
    {
        Multiply(_head.All, _w, _kw);
        AddProducts(_w, _kw, _inner[^1]);
        for (var a = 0; a < _m; a++)
        {
            if (_effects.EntryOf(a) >= 0)
                continue;
            Array.Clear(_inner[a].Values);
            Multiply(_head.Share(a), _w, _loads[a]);
            AddProducts(_w, _loads[a], _inner[a]);
        }
        // N
        for (var a = 0; a < _q; a++)
        for (var b = 0; b < _q; b++)
            _inner[^1][a, b] = (a == b ? 1 : 0) - _inner[^1][a, b];
    }

    private void SetSeen()
    {
        Multiply(_growth, _kw, _seen[0]);
        MultiplyAndAdd(1, _crossGrowth[^1], _w, _seen[0]);
        for (var e = 0; e < _seen.Length - 1; e++)
        {
            var target = _seen[e + 1];
            Array.Clear(target.Values);
            for (var l = 0; l < _d; l++)
            for (var i = 0; i < _d; i++)
                FixedOrder.Add(-_crossGrowth[e][l, i], _kw.Row(l), target.Row(i));
            MultiplyAndAdd(-1, _inverseGrowth[e], _w, target);
        }
    }

    private void SetLoad(int parameter)
    {
        if (_effects.EntryOf(parameter) >= 0)
            _w.Values.CopyTo(_loads[parameter].Values, 0);
        else
            for (var i = 0; i < _loads[parameter].Values.Length; i++)
                _loads[parameter].Values[i] = -_loads[parameter].Values[i];
    }

    /// <summary>The product of a row of two slopes with N between them.</summary>
    private double OfRow(int a, int b, int row)
    {
        var (x, y) = (_effects.EntryOf(a) + 1, _effects.EntryOf(b) + 1);
        var sum = 0.0;
        for (var i = 0; i < _d; i++)
        {
            var inner = 0.0;
            for (var j = 0; j < _d; j++)
                inner += _known[x, y][i, j] * _loads[b][j, row];
            for (var s = 0; s <= row; s++)
                inner += _seen[x][i, s] * Half(b, row, s);
            sum += _loads[a][i, row] * inner;
        }
        for (var s = 0; s <= row; s++)
        {
            var inner = 0.0;
            for (var j = 0; j < _d; j++)
                inner += _seen[y][j, s] * _loads[b][j, row];
            for (var t = 0; t <= row; t++)
                inner += _inner[^1][s, t] * Half(b, row, t);
            sum += Half(a, row, s) * inner;
        }
        return sum;
    }

    private double Half(int parameter, int row, int column) => _inner[parameter][row, column] * (row == column ? 0.5 : 1);

    /// <summary>Adds the group's columns to S and R.</summary>
    private void Grow()
    {
        for (var x = 0; x < _seen.Length; x++)
        for (var y = 0; y < _seen.Length; y++)
        for (var i = 0; i < _d; i++)
        {
            var row = _known[x, y].Row(i);
            for (var s = 0; s < _q; s++)
            {
                var crossed = _seen[x][i, s];
                for (var t = 0; t < _q; t++)
                    crossed += Column(x, i, t) * _inner[^1][t, s];
                for (var j = 0; j < _d; j++)
                    row[j] += (Column(x, i, s) * _seen[y][j, s]) + (crossed * Column(y, j, s));
            }
        }
        for (var i = 0; i < _d; i++)
        for (var j = 0; j < _d; j++)
        for (var s = 0; s < _q; s++)
        {
            _growth[i, j] += _w[i, s] * _w[j, s];
            for (var e = 0; e < _crossGrowth.Length; e++)
                _crossGrowth[e][i, j] += _w[i, s] * _r[e][j, s];
            for (var e = 0; e < _inverseGrowth.Length; e++)
                _inverseGrowth[e][i, j] += _r[e][i, s] * _r[^1][j, s];
        }
        Multiply(_u, _own, _scaled);
        for (var e = 0; e < _squares.Length; e++)
        for (var i = 0; i < _d; i++)
        for (var a = 0; a < _q; a++)
        {
            var weight = 0.0;
            for (var b = 0; b < _q; b++)
                weight += _scaled[i, b] * _precisions[e][b, a];
            for (var j = 0; j < _d; j++)
                _squares[e][i, j] += weight * _scaled[j, a];
        }
    }

    /// <summary>A column of S or R that the group adds.</summary>
    private double Column(int sequence, int i, int s) => sequence == 0 ? -_w[i, s] : _r[sequence - 1][i, s];

    private static void Multiply(DenseMatrix a, DenseMatrix b, DenseMatrix target)
    {
        Array.Clear(target.Values);
        MultiplyAndAdd(1, a, b, target);
    }

    private static void MultiplyAndAdd(double factor, DenseMatrix a, DenseMatrix b, DenseMatrix target)
    {
        for (var i = 0; i < a.Rows; i++)
        for (var l = 0; l < a.Columns; l++)
        for (var j = 0; j < b.Columns; j++)
            target[i, j] += factor * a[i, l] * b[l, j];
    }

    private static void AddProducts(DenseMatrix a, DenseMatrix b, DenseMatrix target)
    {
        for (var l = 0; l < a.Rows; l++)
        for (var i = 0; i < a.Columns; i++)
            FixedOrder.Add(a[l, i], b.Row(l), target.Row(i));
    }

    private static DenseMatrix[] Matrices(int count, int rows, int columns) =>
        [.. Enumerable.Range(0, count).Select(_ => new DenseMatrix(rows, columns))];
}
