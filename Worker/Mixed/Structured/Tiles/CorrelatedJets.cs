using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The elimination of <see cref="CorrelatedGroups"/> at one θ per lane. With Y = R Λ, x = C⁻¹ r and η = C⁻¹ y for columns r of R and y of
/// Y, the derivative of C in the entry of Λ in the row of r and the column of y is r y' + y r', that of C⁻¹ is -(x η' + η x'), and so on. A
/// workspace of one thread.
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class CorrelatedJets<TLanes> : AbsorbedJets<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly CorrelatedGroups _groups;
    private readonly int _effects;
    private readonly int _pairs;
    private readonly int _own;
    private readonly int[] _places;
    private readonly TLanes[] _cross;
    private readonly TLanes[] _factor;
    private readonly TLanes[] _y;
    private readonly TLanes[] _c;
    private readonly TLanes[] _x;
    private readonly TLanes[] _eta;
    private readonly TLanes[] _image;
    private readonly TLanes[] _weights;
    private readonly double[] _atPoints;
    private readonly int _points;
    private readonly TwoEffectWeights<TLanes>? _two;

    public CorrelatedJets(SharedStructure shared, CorrelatedGroups groups, StartLattice lattice)
        : base(shared)
    {
        (_groups, _effects, _pairs) = (groups, groups.Effects, groups.Pairs);
        var own = new JetLayout(groups.Parameters.Length);
        (_own, _places) = (own.Count, new int[own.Count]);
        for (var k = 0; k < groups.Parameters.Length; k++)
        {
            _places[JetLayout.First(k)] = JetLayout.First(groups.Parameters[k].Parameter);
            for (var l = 0; l <= k; l++)
                _places[own.Second(k, l)] = shared.Jets.Second(groups.Parameters[k].Parameter, groups.Parameters[l].Parameter);
        }
        _cross = new TLanes[groups.Count.Length * (shared.Size + 1) * _pairs];
        var square = _effects * _effects;
        (_factor, _y, _c, _x, _eta) = (new TLanes[square], new TLanes[square], new TLanes[square], new TLanes[square], new TLanes[square]);
        _image = new TLanes[2 * _effects];
        _weights = new TLanes[own.Count * _pairs];
        _two = _effects == 2 ? new(groups) : null;
        _points = lattice.Count;
        _atPoints = new double[groups.Count.Length * _pairs * _points];
        for (var point = 0; point < _points; point++)
        for (var i = 0; i < groups.Count.Length * _pairs; i++)
            _atPoints[(i * _points) + point] = lattice.Point(point)[i];
    }

    /// <inheritdoc/>
    public override void Sum(ResidualSums<TLanes> sums)
    {
        Array.Clear(_cross);
        var (size, width) = (Shared.Size, (Shared.Size + 1) * _pairs);
        for (var g = 0; g < _groups.ClassOfGroup.Length; g++)
        {
            var r = sums.Coordinates.AsSpan(g * _effects, _effects);
            var target = _cross.AsSpan(_groups.ClassOfGroup[g] * width, width);
            for (int a = 0, pair = 0; a < r.Length; a++)
            for (var b = a; b < r.Length; b++, pair++)
            {
                var left = Shared.Coordinates.AsSpan(((g * _effects) + a) * size, size);
                var right = Shared.Coordinates.AsSpan(((g * _effects) + b) * size, size);
                for (var c = 0; c < left.Length; c++)
                {
                    ref var sum = ref target[(c * _pairs) + pair];
                    sum = TLanes.AddProduct(sum, r[b], TLanes.Broadcast(left[c]));
                    if (a < b)
                        sum = TLanes.AddProduct(sum, r[a], TLanes.Broadcast(right[c]));
                }
                ref var squares = ref target[(size * _pairs) + pair];
                squares = TLanes.AddProduct(squares, r[a], a < b ? r[b] + r[b] : r[b]);
            }
        }
    }

    /// <inheritdoc/>
    public override void CrossAtPoints(TLanes[] cross)
    {
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_cross);
        for (var k = 0; k < _groups.Count.Length; k++)
        for (var c = 0; c <= Shared.Size; c++)
        for (var pair = 0; pair < _pairs; pair++)
        {
            var sum = sums;
            sums = ref Unsafe.Add(ref sums, 1);
            var weights = _atPoints.AsSpan(((k * _pairs) + pair) * _points, _points);
            var target = cross.AsSpan(c * _points, _points);
            for (var point = 0; point < weights.Length; point++)
                target[point] = TLanes.AddProduct(target[point], sum, TLanes.Broadcast(weights[point]));
        }
    }

    /// <inheritdoc/>
    protected override void Add(TLanes[] theta, TLanes[] bordered, TLanes[] logarithm)
    {
        var logs = new LogarithmOfLanes<TLanes>();
        Array.Clear(_factor);
        foreach (var (parameter, row, column) in _groups.Parameters)
            _factor[(row * _effects) + column] = theta[parameter];
        var (entries, crosses) = (Shared.Within.Length, Shared.Size + 1);
        for (var k = 0; k < _groups.Count.Length; k++)
        {
            if (_two is null)
                Weigh(k, ref logs, logarithm);
            else
                _two.Compute(k, _factor, _weights, ref logs, logarithm, _places);
            var first = k * entries * _pairs;
            for (var e = 0; e < entries; e++, first += _pairs)
                AddEntry(ref bordered[e * Shared.Jets.Count], first);
            first = k * crosses * _pairs;
            for (var c = 0; c < crosses; c++, first += _pairs)
                AddCross(ref bordered[(entries + c) * Shared.Jets.Count], first);
        }
        logarithm[0] += logs.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddEntry(ref TLanes target, int first)
    {
        ref var weight = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref var product = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_groups.Products), first);
        if (_pairs == 3)
        {
            var (a, b, c) = (
                TLanes.Broadcast(product),
                TLanes.Broadcast(Unsafe.Add(ref product, 1)),
                TLanes.Broadcast(Unsafe.Add(ref product, 2))
            );
            AddThree(ref target, ref weight, a, b, c);
            return;
        }
        for (var j = 0; j < _own; j++)
        {
            ref var sum = ref Unsafe.Add(ref target, _places[j]);
            var value = sum;
            for (var pair = 0; pair < _pairs; pair++, weight = ref Unsafe.Add(ref weight, 1))
                value = TLanes.AddProduct(value, weight, TLanes.Broadcast(Unsafe.Add(ref product, pair)));
            sum = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddCross(ref TLanes target, int first)
    {
        ref var weight = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref var product = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cross), first);
        if (_pairs == 3)
        {
            AddThree(ref target, ref weight, product, Unsafe.Add(ref product, 1), Unsafe.Add(ref product, 2));
            return;
        }
        for (var j = 0; j < _own; j++)
        {
            ref var sum = ref Unsafe.Add(ref target, _places[j]);
            var value = sum;
            for (var pair = 0; pair < _pairs; pair++, weight = ref Unsafe.Add(ref weight, 1))
                value = TLanes.AddProduct(value, weight, Unsafe.Add(ref product, pair));
            sum = value;
        }
    }

    /// <summary>The sums for two effects.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddThree(ref TLanes target, ref TLanes weight, TLanes a, TLanes b, TLanes c)
    {
        foreach (var place in _places)
        {
            ref var sum = ref Unsafe.Add(ref target, place);
            var value = TLanes.AddProduct(sum, weight, a);
            value = TLanes.AddProduct(value, Unsafe.Add(ref weight, 1), b);
            sum = TLanes.AddProduct(value, Unsafe.Add(ref weight, 2), c);
            weight = ref Unsafe.Add(ref weight, 3);
        }
    }

    /// <summary>The jets of C⁻¹ of a class, pair by pair; adds those of its groups' ln |C|.</summary>
    private void Weigh(int k, ref LogarithmOfLanes<TLanes> logs, TLanes[] logarithm)
    {
        var (n, count) = (_effects, _groups.Count[k]);
        var r = _groups.Factors.AsSpan(k * n * n, n * n);
        for (var a = 0; a < n; a++)
        for (var b = 0; b < n; b++)
        {
            TLanes sum = default;
            for (var c = Math.Max(a, b); c < n; c++)
                sum = TLanes.AddProduct(sum, TLanes.Broadcast(r[(a * n) + c]), _factor[(c * n) + b]);
            _y[(a * n) + b] = sum;
        }
        for (var a = 0; a < n; a++)
        for (var b = 0; b <= a; b++)
        {
            var sum = a == b ? TLanes.Broadcast(1) : default;
            for (var c = 0; c < n; c++)
                sum = TLanes.AddProduct(sum, _y[(a * n) + c], _y[(b * n) + c]);
            _c[(a * n) + b] = _c[(b * n) + a] = sum;
        }
        for (var a = 0; a < n; a++)
        {
            var pivot = Sweep(a);
            if (count == 1)
                logs.Multiply(pivot);
            else
                logarithm[0] = TLanes.AddProduct(logarithm[0], TLanes.Broadcast(count), ReproducibleMath.Log(pivot));
        }
        for (var a = 0; a < n; a++)
        for (var b = 0; b < n; b++)
        {
            TLanes x = default,
                eta = default;
            for (var c = 0; c < n; c++)
            {
                x = TLanes.AddProduct(x, _c[(a * n) + c], TLanes.Broadcast(r[(c * n) + b]));
                eta = TLanes.AddProduct(eta, _c[(a * n) + c], _y[(c * n) + b]);
            }
            (_x[(a * n) + b], _eta[(a * n) + b]) = (x, eta);
        }
        var place = 0;
        for (var a = 0; a < n; a++)
        for (var b = a; b < n; b++)
            _weights[place++] = _c[(a * n) + b];
        for (var p = 0; p < _groups.Parameters.Length; p++)
            Slope(r, p, ref place, TLanes.Broadcast(count), logarithm);
        for (var p = 0; p < _groups.Parameters.Length; p++)
        for (var q = 0; q <= p; q++)
            Bend(r, p, q, ref place, TLanes.Broadcast(count), logarithm);
    }

    private void Slope(ReadOnlySpan<double> r, int p, ref int place, TLanes count, TLanes[] logarithm)
    {
        var (n, (parameter, row, column)) = (_effects, _groups.Parameters[p]);
        TLanes trace = default;
        for (var a = 0; a < n; a++)
        {
            trace = TLanes.AddProduct(trace, TLanes.Broadcast(r[(a * n) + row]), _eta[(a * n) + column]);
            for (var b = a; b < n; b++)
            {
                var sum = TLanes.AddProduct(_x[(a * n) + row] * _eta[(b * n) + column], _eta[(a * n) + column], _x[(b * n) + row]);
                _weights[place++] = default(TLanes) - sum;
            }
        }
        ref var slope = ref logarithm[JetLayout.First(parameter)];
        slope = TLanes.AddProduct(slope, count, trace + trace);
    }

    /// <summary>
    /// The second derivatives in parameters with (r, y) and (s, z): D s η_z' + D z x_s' and its transpose, D = x_r η_y' + η_y x_r', less
    /// x_r x_s' and its transpose where y = z.
    /// </summary>
    private void Bend(ReadOnlySpan<double> r, int p, int q, ref int place, TLanes count, TLanes[] logarithm)
    {
        var (n, first, second) = (_effects, _groups.Parameters[p], _groups.Parameters[q]);
        TLanes etaS = default,
            xS = default,
            etaZ = default,
            xZ = default;
        for (var a = 0; a < n; a++)
        {
            var s = TLanes.Broadcast(r[(a * n) + second.Row]);
            var z = _y[(a * n) + second.Column];
            etaS = TLanes.AddProduct(etaS, _eta[(a * n) + first.Column], s);
            xS = TLanes.AddProduct(xS, _x[(a * n) + first.Row], s);
            etaZ = TLanes.AddProduct(etaZ, _eta[(a * n) + first.Column], z);
            xZ = TLanes.AddProduct(xZ, _x[(a * n) + first.Row], z);
        }
        for (var a = 0; a < n; a++)
        {
            _image[a] = TLanes.AddProduct(_x[(a * n) + first.Row] * etaS, _eta[(a * n) + first.Column], xS);
            _image[n + a] = TLanes.AddProduct(_x[(a * n) + first.Row] * etaZ, _eta[(a * n) + first.Column], xZ);
        }
        var isSame = first.Column == second.Column;
        TLanes trace = default;
        for (var a = 0; a < n; a++)
        {
            trace = TLanes.AddProduct(trace, _y[(a * n) + second.Column], _image[a]);
            for (var b = a; b < n; b++)
            {
                var sum = TLanes.AddProduct(_image[a] * _eta[(b * n) + second.Column], _image[b], _eta[(a * n) + second.Column]);
                sum = TLanes.AddProduct(sum, _image[n + a], _x[(b * n) + second.Row]);
                sum = TLanes.AddProduct(sum, _image[n + b], _x[(a * n) + second.Row]);
                if (isSame)
                {
                    sum = TLanes.SubtractProduct(sum, _x[(a * n) + first.Row], _x[(b * n) + second.Row]);
                    sum = TLanes.SubtractProduct(sum, _x[(b * n) + first.Row], _x[(a * n) + second.Row]);
                }
                _weights[place++] = sum;
            }
        }
        var log = isSame ? xS - trace : default(TLanes) - trace;
        ref var target = ref logarithm[Shared.Jets.Second(first.Parameter, second.Parameter)];
        target = TLanes.AddProduct(target, count, log + log);
    }

    /// <summary>Gauss-Jordan elimination of one pivot, all of which are at least 1; returns it.</summary>
    private TLanes Sweep(int k)
    {
        var n = _effects;
        var pivot = _c[(k * n) + k];
        var inverse = TLanes.Broadcast(1) / pivot;
        _c[(k * n) + k] = TLanes.Broadcast(1);
        for (var j = 0; j < n; j++)
            _c[(k * n) + j] *= inverse;
        for (var i = 0; i < n; i++)
        {
            if (i == k)
                continue;
            var factor = _c[(i * n) + k];
            _c[(i * n) + k] = default;
            for (var j = 0; j < n; j++)
                _c[(i * n) + j] = TLanes.SubtractProduct(_c[(i * n) + j], factor, _c[(k * n) + j]);
        }
        return pivot;
    }
}
