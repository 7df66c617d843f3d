using HpcFit.Worker.Distributions;

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
