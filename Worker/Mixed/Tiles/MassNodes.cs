using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Tiles;

/// <summary>
/// A few masses in place of those of many classes of groups: sums Σ f(m) a over classes become sums over nodes, since all that the
/// criterion needs of m, such as 1 / (1 + t m) and its powers, is interpolated by polynomials in ln m to the precision of numbers.
/// </summary>
/// <remarks>
/// Chebyshev's nodes of the first kind with barycentric weights (Berrut and Trefethen 2004, SIAM Rev. 46, section 5). f as a function of ln
/// m has its nearest poles at a distance of π from the real line, so that the error of n nodes falls as ρ⁻ⁿ, ρ = π/h + √(1 + π²/h²), h
/// half of the length of the interval of ln m (theorem 8.2 of Trefethen 2013, Approximation Theory and Approximation Practice). Sums of
/// squares and products are of the order of m²: the interpolated terms are f m² and a / m².
/// </remarks>
internal sealed class MassNodes
{
    private const double Pi = 3.141592653589793;
    private const double Digits = 34; // ln 1e15, about

    private readonly double[] _mass;

    private MassNodes(double[] mass, int count)
    {
        _mass = mass;
        double low = ReproducibleMath.Log(mass[0]),
            half = (ReproducibleMath.Log(mass[^1]) - low) / 2;
        (Mass, Weights, Interpolation) = (new double[count], new double[count * mass.Length], new double[count * mass.Length]);
        var (places, barycentric) = (new double[count], new double[count]);
        for (var j = 0; j < count; j++)
        {
            // Sine and cosine from the tangent of half the angle.
            var tangent = ReproducibleMath.Tan(((2 * j) + 1) * Pi / (4 * count));
            var square = tangent * tangent;
            places[j] = low + (2 * half * square / (1 + square));
            barycentric[j] = (j % 2 == 0 ? 2 : -2) * tangent / (1 + square);
            Mass[j] = ReproducibleMath.Exp(places[j]);
        }
        var terms = new double[count];
        for (var k = 0; k < mass.Length; k++)
            Interpolate(k, places, barycentric, terms);
    }

    /// <summary>The masses of the nodes, ascending.</summary>
    public double[] Mass { get; }

    /// <summary>The number of nodes.</summary>
    public int Count => Mass.Length;

    /// <summary>What a class adds to sums of squares and products at a node, of class k at node j at <c>[j * classes + k]</c>.</summary>
    public double[] Weights { get; }

    /// <summary>The same for the numbers of groups.</summary>
    private double[] Interpolation { get; }

    /// <summary>Nodes for the masses of classes, ascending; null where they would not save work.</summary>
    public static MassNodes? Create(double[] mass)
    {
        var half = ReproducibleMath.Log(mass[^1] / mass[0]) / 2;
        if (!(half > 0))
            return null;
        var ratio = Pi / half;
        var count = 2 + (Digits / ReproducibleMath.Log(ratio + Math.Sqrt(1 + (ratio * ratio))));
        return count <= mass.Length / 2 ? new(mass, (int)count) : null;
    }

    /// <summary>The numbers of groups, or other values that do not grow with m, at the nodes.</summary>
    public double[] Distribute(ReadOnlySpan<double> values)
    {
        var sums = new double[Count];
        for (var j = 0; j < Count; j++)
        for (var k = 0; k < _mass.Length; k++)
            sums[j] += Interpolation[(j * _mass.Length) + k] * values[k];
        return sums;
    }

    /// <summary>Sums over the groups of classes, of one register of elements, at the nodes.</summary>
    /// <typeparam name="TLanes">The register.</typeparam>
    /// <param name="source">The sums of the classes.</param>
    /// <param name="first">The place of the first class in <paramref name="source"/>, and of the first node in the target.</param>
    /// <param name="stride">The distance between classes, and between nodes.</param>
    /// <param name="target">Receives the sums at the nodes.</param>
    public void Distribute<TLanes>(double[] source, int first, int stride, double[] target)
        where TLanes : struct, ILanes<TLanes>
    {
        const int AtOnce = 6;
        var classes = Weights.Length / Count;
        for (var node = 0; node < Count; node += AtOnce)
        {
            // Those after the last are the last again.
            var last = Count - 1;
            ref var weights = ref MemoryMarshal.GetArrayDataReference(Weights);
            ref var a = ref Unsafe.Add(ref weights, node * classes);
            ref var b = ref Unsafe.Add(ref weights, Math.Min(node + 1, last) * classes);
            ref var c = ref Unsafe.Add(ref weights, Math.Min(node + 2, last) * classes);
            ref var d = ref Unsafe.Add(ref weights, Math.Min(node + 3, last) * classes);
            ref var e = ref Unsafe.Add(ref weights, Math.Min(node + 4, last) * classes);
            ref var f = ref Unsafe.Add(ref weights, Math.Min(node + 5, last) * classes);
            ref var sums = ref source[first];
            TLanes ofA = default,
                ofB = default,
                ofC = default,
                ofD = default,
                ofE = default,
                ofF = default;
            for (var k = 0; k < classes; k++)
            {
                var sum = TLanes.Load(ref sums);
                ofA = TLanes.AddProduct(ofA, TLanes.Broadcast(Unsafe.Add(ref a, k)), sum);
                ofB = TLanes.AddProduct(ofB, TLanes.Broadcast(Unsafe.Add(ref b, k)), sum);
                ofC = TLanes.AddProduct(ofC, TLanes.Broadcast(Unsafe.Add(ref c, k)), sum);
                ofD = TLanes.AddProduct(ofD, TLanes.Broadcast(Unsafe.Add(ref d, k)), sum);
                ofE = TLanes.AddProduct(ofE, TLanes.Broadcast(Unsafe.Add(ref e, k)), sum);
                ofF = TLanes.AddProduct(ofF, TLanes.Broadcast(Unsafe.Add(ref f, k)), sum);
                sums = ref Unsafe.Add(ref sums, stride);
            }
            TLanes.Store(ofF, ref target[first + (Math.Min(node + 5, last) * stride)]);
            TLanes.Store(ofE, ref target[first + (Math.Min(node + 4, last) * stride)]);
            TLanes.Store(ofD, ref target[first + (Math.Min(node + 3, last) * stride)]);
            TLanes.Store(ofC, ref target[first + (Math.Min(node + 2, last) * stride)]);
            TLanes.Store(ofB, ref target[first + (Math.Min(node + 1, last) * stride)]);
            TLanes.Store(ofA, ref target[first + (node * stride)]);
        }
    }

    private void Interpolate(int k, double[] places, double[] barycentric, double[] terms)
    {
        var (place, all, hit) = (ReproducibleMath.Log(_mass[k]), 0.0, -1);
        for (var j = 0; j < places.Length; j++)
            if (place == places[j])
                hit = j;
            else
                all += terms[j] = barycentric[j] / (place - places[j]);
        var (share, inverse) = (1 / all, 1 / _mass[k]);
        for (var j = 0; j < places.Length; j++)
        {
            var value =
                hit < 0 ? terms[j] * share
                : j == hit ? 1
                : 0;
            var relative = Mass[j] * inverse;
            Interpolation[(j * _mass.Length) + k] = value;
            Weights[(j * _mass.Length) + k] = value * relative * relative;
        }
    }
}
