using System.Runtime.CompilerServices;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The jets of C⁻¹ of a group with two effects, by the formulas of <see cref="CorrelatedJets{TLanes}"/> without loops over effects. A
/// workspace of one thread. Methods without loops are compiled in full at once, as those with loops are.
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
/// <param name="groups">The groups.</param>
internal sealed class TwoEffectWeights<TLanes>(CorrelatedGroups groups)
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes[] _r = new TLanes[4];
    private readonly TLanes[] _y = new TLanes[4];
    private readonly TLanes[] _x = new TLanes[4];
    private readonly TLanes[] _eta = new TLanes[4];

    /// <summary>Computes the jets of a class.</summary>
    /// <param name="k">The class.</param>
    /// <param name="factor">Λ, lower, row-major.</param>
    /// <param name="weights">Receives the three pairs of C⁻¹, then of its derivatives.</param>
    /// <param name="logs">Receives the factors of |C| of classes of one group.</param>
    /// <param name="logarithm">Receives the jet of Σ ln |C|, without these factors.</param>
    /// <param name="places">Where the derivatives are in <paramref name="logarithm"/>.</param>
    public void Compute(
        int k,
        TLanes[] factor,
        TLanes[] weights,
        ref LogarithmOfLanes<TLanes> logs,
        TLanes[] logarithm,
        ReadOnlySpan<int> places
    )
    {
        var count = TLanes.Broadcast(groups.Count[k]);
        var determinant = Invert(k, factor, weights);
        if (groups.Count[k] == 1)
            logs.Multiply(determinant);
        else
            logarithm[0] = TLanes.AddProduct(logarithm[0], count, ReproducibleMath.Log(determinant));
        var (parameters, place) = (groups.Parameters, 1);
        for (var p = 0; p < parameters.Length; p++, place++)
        {
            ref var slope = ref logarithm[places[place]];
            slope = TLanes.AddProduct(slope, count, Slope(parameters[p].Row, parameters[p].Column, weights.AsSpan(3 * place, 3)));
        }
        for (var p = 0; p < parameters.Length; p++)
        for (var q = 0; q <= p; q++, place++)
        {
            ref var bend = ref logarithm[places[place]];
            var (first, second) = (parameters[p], parameters[q]);
            bend = TLanes.AddProduct(bend, count, Bend(first.Row, first.Column, second.Row, second.Column, weights.AsSpan(3 * place, 3)));
        }
    }

    /// <summary>C⁻¹, and x and η by columns; returns |C|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes Invert(int k, TLanes[] factor, TLanes[] weights)
    {
        var r = groups.Factors.AsSpan(4 * k, 4);
        var (r11, r12, r22) = (TLanes.Broadcast(r[0]), TLanes.Broadcast(r[1]), TLanes.Broadcast(r[3]));
        var (l11, l21, l22) = (factor[0], factor[2], factor[3]);
        var (y1, z1) = (TLanes.AddProduct(r11 * l11, r12, l21), r22 * l21);
        var (y2, z2) = (r12 * l22, r22 * l22);
        var one = TLanes.Broadcast(1);
        var c11 = TLanes.AddProduct(TLanes.AddProduct(one, y1, y1), y2, y2);
        var c12 = TLanes.AddProduct(y1 * z1, y2, z2);
        var c22 = TLanes.AddProduct(TLanes.AddProduct(one, z1, z1), z2, z2);
        var inverse = one / c11;
        var share = c12 * inverse;
        var pivot = TLanes.SubtractProduct(c22, share, c12);
        var i22 = one / pivot;
        var i12 = default(TLanes) - share * i22;
        var i11 = TLanes.SubtractProduct(inverse, share, i12);
        (weights[0], weights[1], weights[2]) = (i11, i12, i22);
        (_r[0], _r[1], _r[2], _r[3]) = (r11, default, r12, r22);
        (_y[0], _y[1], _y[2], _y[3]) = (y1, z1, y2, z2);
        (_x[0], _x[1]) = (i11 * r11, i12 * r11);
        (_x[2], _x[3]) = (TLanes.AddProduct(i11 * r12, i12, r22), TLanes.AddProduct(i12 * r12, i22, r22));
        (_eta[0], _eta[1]) = (TLanes.AddProduct(i11 * y1, i12, z1), TLanes.AddProduct(i12 * y1, i22, z1));
        (_eta[2], _eta[3]) = (TLanes.AddProduct(i11 * y2, i12, z2), TLanes.AddProduct(i12 * y2, i22, z2));
        return c11 * pivot;
    }

    /// <summary>The first derivative; returns that of ln |C|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes Slope(int row, int column, Span<TLanes> target)
    {
        var (xa, xb) = (_x[2 * row], _x[(2 * row) + 1]);
        var (ea, eb) = (_eta[2 * column], _eta[(2 * column) + 1]);
        var (first, last) = (xa * ea, xb * eb);
        target[2] = default(TLanes) - (last + last);
        target[1] = TLanes.SubtractProduct(default(TLanes) - xa * eb, ea, xb);
        target[0] = default(TLanes) - (first + first);
        var trace = TLanes.AddProduct(_r[2 * row] * ea, _r[(2 * row) + 1], eb);
        return trace + trace;
    }

    /// <summary>The second derivative; returns that of ln |C|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes Bend(int row, int column, int otherRow, int otherColumn, Span<TLanes> target)
    {
        var (xa, xb) = (_x[2 * row], _x[(2 * row) + 1]);
        var (ea, eb) = (_eta[2 * column], _eta[(2 * column) + 1]);
        var (ua, ub) = (_x[2 * otherRow], _x[(2 * otherRow) + 1]);
        var (va, vb) = (_eta[2 * otherColumn], _eta[(2 * otherColumn) + 1]);
        var (sa, sb) = (_r[2 * otherRow], _r[(2 * otherRow) + 1]);
        var (za, zb) = (_y[2 * otherColumn], _y[(2 * otherColumn) + 1]);
        var (etaS, xS) = (TLanes.AddProduct(ea * sa, eb, sb), TLanes.AddProduct(xa * sa, xb, sb));
        var (etaZ, xZ) = (TLanes.AddProduct(ea * za, eb, zb), TLanes.AddProduct(xa * za, xb, zb));
        var (fa, fb) = (TLanes.AddProduct(xa * etaS, ea, xS), TLanes.AddProduct(xb * etaS, eb, xS));
        var (ga, gb) = (TLanes.AddProduct(xa * etaZ, ea, xZ), TLanes.AddProduct(xb * etaZ, eb, xZ));
        var first = TLanes.AddProduct(fa * va, ga, ua);
        var last = TLanes.AddProduct(fb * vb, gb, ub);
        var both = TLanes.AddProduct(fa * vb, fb, va) + TLanes.AddProduct(ga * ub, gb, ua);
        var log = default(TLanes) - TLanes.AddProduct(za * fa, zb, fb);
        if (column == otherColumn)
        {
            first = TLanes.SubtractProduct(first, xa, ua);
            last = TLanes.SubtractProduct(last, xb, ub);
            both = TLanes.SubtractProduct(TLanes.SubtractProduct(both, xa, ub), xb, ua);
            log += xS;
        }
        target[2] = last + last;
        target[1] = both;
        target[0] = first + first;
        return log + log;
    }
}
