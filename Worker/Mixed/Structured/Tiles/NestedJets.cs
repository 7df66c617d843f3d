using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The elimination of <see cref="NestedGroups"/> at one θ per lane, with derivatives in t = θ² of every level (not in θ, of which the
/// criterion is an even function). A workspace of one thread.
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class NestedJets<TLanes> : AbsorbedJets<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly NestedGroups _groups;
    private readonly StartLattice _lattice;
    private readonly int _size;
    private readonly TLanes[] _classCross;
    private readonly TLanes[] _classSquares;
    private readonly TLanes[] _cellCross;
    private readonly TLanes[] _shrinkage;
    private readonly TLanes[][] _sums;
    private readonly TLanes[][] _masses;
    private readonly TLanes[] _x;
    private readonly TLanes[] _inverse;
    private readonly TLanes[] _weight;
    private readonly TLanes[] _product;
    private readonly int[][] _placesOfLevel;

    public NestedJets(SharedStructure shared, NestedGroups groups, StartLattice lattice)
        : base(shared)
    {
        (_groups, _size, _lattice) = (groups, shared.Size, lattice);
        var classes = groups.Mass.Length;
        (_classCross, _classSquares) = (new TLanes[classes * _size], new TLanes[classes]);
        (_cellCross, _shrinkage) = (new TLanes[groups.CellClass.Length], new TLanes[3 * classes]);
        _sums = [.. Enumerable.Range(1, groups.Levels).Select(level => new TLanes[new JetLayout(level).Count * (_size + 1)])];
        _masses = [.. Enumerable.Range(1, groups.Levels).Select(level => new TLanes[new JetLayout(level).Count])];
        var most = new JetLayout(groups.Levels).Count;
        (_x, _inverse, _weight, _product) = (new TLanes[most], new TLanes[most], new TLanes[most], new TLanes[most]);
        _placesOfLevel = [.. Enumerable.Range(1, groups.Levels).Select(Places)];
    }

    /// <inheritdoc/>
    public override void Sum(ResidualSums<TLanes> sums)
    {
        Array.Clear(_classCross);
        Array.Clear(_classSquares);
        Array.Clear(_cellCross);
        for (var g = 0; g < _groups.ClassOfGroup.Length; g++)
        {
            var (r, k) = (sums.Coordinates[g], _groups.ClassOfGroup[g]);
            _classSquares[k] = TLanes.AddProduct(_classSquares[k], r, r);
            var cross = _classCross.AsSpan(k * _size, _size);
            var u = Shared.Coordinates.AsSpan(g * _size, _size);
            for (var c = 0; c < cross.Length; c++)
                cross[c] = TLanes.AddProduct(cross[c], r, TLanes.Broadcast(u[c]));
            if (_cellCross.Length > 0)
                _cellCross[_groups.CellOfGroup[g]] = TLanes.AddProduct(
                    _cellCross[_groups.CellOfGroup[g]],
                    r,
                    TLanes.Broadcast(_groups.Root[g])
                );
        }
    }

    /// <inheritdoc/>
    public override void CrossAtPoints(TLanes[] cross)
    {
        var points = _lattice.Count;
        for (var at = 0; at < points; at++)
        {
            var point = _lattice.Point(at);
            for (var k = 0; k < _classSquares.Length; k++)
            {
                var shrinkage = TLanes.Broadcast(point[k]);
                for (var c = 0; c < _size; c++)
                    cross[(c * points) + at] = TLanes.AddProduct(cross[(c * points) + at], shrinkage, _classCross[(k * _size) + c]);
                cross[(_size * points) + at] = TLanes.AddProduct(cross[(_size * points) + at], shrinkage, _classSquares[k]);
            }
            if (_cellCross.Length > 0)
                SubtractLevels(point, cross, at);
        }
    }

    private void SubtractLevels(double[] point, TLanes[] cross, int at)
    {
        Array.Clear(_product);
        var (place, points) = (_classSquares.Length, _lattice.Count);
        for (var cell = 0; cell < _cellCross.Length; cell++)
        {
            _product[0] = TLanes.AddProduct(_product[0], TLanes.Broadcast(point[_groups.CellClass[cell]]), _cellCross[cell]);
            for (var level = 0; level < _groups.Closes[cell]; level++, place += _size + 2)
            {
                var sum = _product[level];
                var weighted = sum * TLanes.Broadcast(point[place]);
                for (var c = 0; c < _size; c++)
                {
                    ref var target = ref cross[(c * points) + at];
                    target = TLanes.SubtractProduct(target, weighted, TLanes.Broadcast(point[place + 2 + c]));
                }
                ref var squares = ref cross[(_size * points) + at];
                squares = TLanes.SubtractProduct(squares, weighted, sum);
                _product[level + 1] = TLanes.AddProduct(_product[level + 1], sum, TLanes.Broadcast(point[place + 1]));
                _product[level] = default;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Add(TLanes[] theta, TLanes[] bordered, TLanes[] logarithm)
    {
        AddClasses(theta, bordered, logarithm);
        if (_groups.Levels == 1)
            return;
        var logs = new LogarithmOfLanes<TLanes>();
        foreach (var sums in _sums)
            Array.Clear(sums);
        foreach (var masses in _masses)
            Array.Clear(masses);
        for (var cell = 0; cell < _cellCross.Length; cell++)
        {
            AddCell(cell);
            for (var level = 1; level <= _groups.Closes[cell]; level++)
            {
                Invert(level, theta[_groups.Parameters[level]], logarithm);
                logs.Multiply(_x[0]);
                if (level == 1)
                    EliminateSecond(bordered);
                else
                    Eliminate(level, bordered);
                if (level < _groups.Levels - 1)
                    Raise(level);
                Array.Clear(_sums[level - 1]);
                Array.Clear(_masses[level - 1]);
            }
        }
        logarithm[0] += logs.Value;
    }

    /// <summary>The lowest level, class by class.</summary>
    private void AddClasses(TLanes[] theta, TLanes[] bordered, TLanes[] logarithm)
    {
        var (jets, parameter, logs) = (Shared.Jets, _groups.Parameters[0], new LogarithmOfLanes<TLanes>());
        var (first, second, count) = (JetLayout.First(parameter), jets.Second(parameter, parameter), jets.Count);
        var (one, t) = (TLanes.Broadcast(1), theta[parameter] * theta[parameter]);
        var entries = Shared.Within.Length;
        for (var k = 0; k < _classSquares.Length; k++)
        {
            var mass = TLanes.Broadcast(_groups.Mass[k]);
            var x = TLanes.AddProduct(one, t, mass);
            var v = one / x;
            var share = mass * v;
            var groups = TLanes.Broadcast(_groups.Count[k]);
            if (_groups.Count[k] == 1)
                logs.Multiply(x);
            else
                logarithm[0] = TLanes.AddProduct(logarithm[0], groups, ReproducibleMath.Log(x));
            logarithm[first] = TLanes.AddProduct(logarithm[first], groups, share);
            logarithm[second] = TLanes.SubtractProduct(logarithm[second], groups, share * share);
            var (slope, bend) = (default(TLanes) - share * v, share * share * (v + v));
            (_shrinkage[3 * k], _shrinkage[(3 * k) + 1], _shrinkage[(3 * k) + 2]) = (v, slope, bend);
            var products = _groups.Products.AsSpan(k * entries, entries);
            for (var e = 0; e < products.Length; e++)
                AddEntry(e, TLanes.Broadcast(products[e]));
            for (var c = 0; c < _size; c++)
                AddEntry(entries + c, _classCross[(k * _size) + c]);
            AddEntry(entries + _size, _classSquares[k]);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            void AddEntry(int e, TLanes value)
            {
                ref var target = ref bordered[e * count];
                target = TLanes.AddProduct(target, v, value);
                bordered[(e * count) + first] = TLanes.AddProduct(bordered[(e * count) + first], slope, value);
                bordered[(e * count) + second] = TLanes.AddProduct(bordered[(e * count) + second], bend, value);
            }
        }
        logarithm[0] += logs.Value;
    }

    private void AddCell(int cell)
    {
        var (sums, masses, k) = (_sums[0], _masses[0], 3 * _groups.CellClass[cell]);
        var mass = TLanes.Broadcast(_groups.CellMass[cell]);
        for (var j = 0; j < 3; j++)
        {
            var weight = _shrinkage[k + j];
            masses[j] = TLanes.AddProduct(masses[j], weight, mass);
            for (var c = 0; c < _size; c++)
                sums[(3 * c) + j] = TLanes.AddProduct(sums[(3 * c) + j], weight, TLanes.Broadcast(_groups.CellSums[(cell * _size) + c]));
            sums[(3 * _size) + j] = TLanes.AddProduct(sums[(3 * _size) + j], weight, _cellCross[cell]);
        }
    }

    /// <summary>The jets of x = 1 + t μ, 1 / x and ω = t / x in the parameters up to a level's own; adds those of ln x but its
    /// value.</summary>
    private void Invert(int level, TLanes theta, TLanes[] logarithm)
    {
        var (masses, below, jets, all) = (_masses[level - 1], new JetLayout(level), new JetLayout(level + 1), _placesOfLevel[level]);
        var (one, t) = (TLanes.Broadcast(1), theta * theta);
        _x[0] = TLanes.AddProduct(one, t, masses[0]);
        for (var k = 0; k <= level; k++)
        {
            _x[JetLayout.First(k)] = k < level ? t * masses[JetLayout.First(k)] : masses[0];
            for (var l = 0; l <= k; l++)
                _x[jets.Second(k, l)] =
                    k < level ? t * masses[below.Second(k, l)]
                    : l < level ? masses[JetLayout.First(l)]
                    : default;
        }
        var z = one / _x[0];
        var square = z * z;
        _inverse[0] = z;
        _weight[0] = t * z;
        for (var k = 0; k <= level; k++)
        {
            var slope = _x[JetLayout.First(k)];
            _inverse[JetLayout.First(k)] = default(TLanes) - slope * square;
            logarithm[all[JetLayout.First(k)]] = TLanes.AddProduct(logarithm[all[JetLayout.First(k)]], slope, z);
            for (var l = 0; l <= k; l++)
            {
                var (place, both, bend) = (jets.Second(k, l), slope * _x[JetLayout.First(l)] * square, _x[jets.Second(k, l)]);
                logarithm[all[place]] += bend * z - both;
                _inverse[place] = z * (both + both - bend * z);
            }
        }
        for (var place = 1; place < jets.Count; place++)
            _weight[place] = t * _inverse[place];
        _weight[JetLayout.First(level)] += z;
        for (var l = 0; l <= level; l++)
            _weight[jets.Second(level, l)] +=
                l < level ? _inverse[JetLayout.First(l)] : _inverse[JetLayout.First(l)] + _inverse[JetLayout.First(l)];
    }

    /// <summary>Subtracts ω S'S.</summary>
    private void Eliminate(int level, TLanes[] bordered)
    {
        var (sums, below, count) = (_sums[level - 1], new JetLayout(level), Shared.Jets.Count);
        var places = _placesOfLevel[level];
        for (int i = 0, e = 0; i <= _size; i++)
        {
            var left = sums.AsSpan(i * below.Count, below.Count);
            for (var j = 0; j <= i; j++, e++)
            {
                var right = sums.AsSpan(j * below.Count, below.Count);
                JetProducts<TLanes>.Multiply(left, right, level, _product);
                JetProducts<TLanes>.Subtract(_product, _weight, level, bordered.AsSpan(e * count, count), places);
            }
        }
    }

    /// <summary>The same for the second level, which has the most groups after the lowest.</summary>
    private void EliminateSecond(TLanes[] bordered)
    {
        var (places, count) = (_placesOfLevel[1], Shared.Jets.Count);
        var (slope, ownSlope) = (places[1], places[2]);
        var (bend, mixed, ownBend) = (places[3], places[4], places[5]);
        var (w, w1, w2, w11, w12, w22) = (_weight[0], _weight[1], _weight[2], _weight[3], _weight[4], _weight[5]);
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums[0]);
        ref var target = ref MemoryMarshal.GetArrayDataReference(bordered);
        for (var i = 0; i <= _size; i++)
        {
            ref var left = ref Unsafe.Add(ref sums, 3 * i);
            var (a, a1, a2) = (left, Unsafe.Add(ref left, 1), Unsafe.Add(ref left, 2));
            var twice = a1 + a1;
            for (var j = 0; j <= i; j++, target = ref Unsafe.Add(ref target, count))
            {
                ref var right = ref Unsafe.Add(ref sums, 3 * j);
                var (b, b1, b2) = (right, Unsafe.Add(ref right, 1), Unsafe.Add(ref right, 2));
                var p = a * b;
                var p1 = TLanes.AddProduct(a1 * b, a, b1);
                var p2 = TLanes.AddProduct(TLanes.AddProduct(a2 * b, a, b2), twice, b1);
                target = TLanes.SubtractProduct(target, w, p);
                ref var one = ref Unsafe.Add(ref target, slope);
                one = TLanes.SubtractProduct(TLanes.SubtractProduct(one, w1, p), w, p1);
                ref var own = ref Unsafe.Add(ref target, ownSlope);
                own = TLanes.SubtractProduct(own, w2, p);
                ref var both = ref Unsafe.Add(ref target, bend);
                both = TLanes.SubtractProduct(TLanes.SubtractProduct(both, w11, p), w, p2);
                both = TLanes.SubtractProduct(both, w1 + w1, p1);
                ref var cross = ref Unsafe.Add(ref target, mixed);
                cross = TLanes.SubtractProduct(TLanes.SubtractProduct(cross, w12, p), w2, p1);
                ref var last = ref Unsafe.Add(ref target, ownBend);
                last = TLanes.SubtractProduct(last, w22, p);
            }
        }
    }

    /// <summary>Adds S / x and μ / x to the group above.</summary>
    private void Raise(int level)
    {
        var (below, jets) = (new JetLayout(level), new JetLayout(level + 1));
        for (var c = 0; c <= _size; c++)
            JetProducts<TLanes>.Add(
                _sums[level - 1].AsSpan(c * below.Count, below.Count),
                _inverse,
                level,
                _sums[level].AsSpan(c * jets.Count, jets.Count)
            );
        JetProducts<TLanes>.Add(_masses[level - 1], _inverse, level, _masses[level]);
    }

    /// <summary>The places in all jets of those in the parameters of the lowest levels.</summary>
    private int[] Places(int levels)
    {
        var (own, all) = (new JetLayout(levels), Shared.Jets);
        var places = new int[own.Count];
        for (var k = 0; k < levels; k++)
        {
            places[JetLayout.First(k)] = JetLayout.First(_groups.Parameters[k]);
            for (var l = 0; l <= k; l++)
                places[own.Second(k, l)] = all.Second(_groups.Parameters[k], _groups.Parameters[l]);
        }
        return places;
    }
}
