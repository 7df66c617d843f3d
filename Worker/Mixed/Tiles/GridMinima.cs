using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed.Tiles;

/// <summary>The minima of the criterion on the grid of t, lane by lane, where the search for exact ones starts.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class GridMinima<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>ln of the ratio of neighbouring points of the grid.</summary>
    private const double LogRatio = 0.94000725849147115;

    /// <summary>exp(criterion / degrees of freedom) at the points of the grid, up to a constant factor.</summary>
    public TLanes[] Criteria { get; } = new TLanes[ProfileGrid.Points];

    /// <summary>
    /// The next minimum of each lane on the grid, where the search starts, and its neighbours; a mask of the lanes with one.
    /// </summary>
    /// <param name="left">A mask of the lanes that may have one; receives that of those that have another after it.</param>
    /// <param name="last">The point of the last minimum; receives that of the next.</param>
    /// <param name="start">Receives where the search starts.</param>
    /// <param name="low">Receives the point before.</param>
    /// <param name="high">Receives the point after.</param>
    public TLanes Next(ref TLanes left, ref TLanes last, out TLanes start, out TLanes low, out TLanes high)
    {
        var one = TLanes.Broadcast(1);
        TLanes isFound = default,
            hasMore = default,
            isInside = default;
        (start, low, high) = (default, default, default);
        var (a, b, c, d, e) = (one, one, one, one, one);
        for (var point = 0; point < ProfileGrid.Points; point++)
        {
            var (below, above) = (Math.Max(0, point - 1), Math.Min(point + 1, ProfileGrid.Points - 1));
            var here = Criteria[point];
            var isMinimum = TLanes.WhereSet(left, TLanes.LessThan(last, TLanes.Broadcast(point)));
            isMinimum = TLanes.WhereSet(isMinimum, TLanes.LessThanOrEqual(here, Criteria[below]));
            isMinimum = TLanes.WhereSet(isMinimum, TLanes.LessThanOrEqual(here, Criteria[above]));
            if (!TLanes.Any(isMinimum))
                continue;
            hasMore = TLanes.Select(isMinimum, TLanes.Select(isFound, isMinimum, hasMore), hasMore);
            isMinimum = TLanes.Drop(isFound, isMinimum);
            start = TLanes.Select(isMinimum, TLanes.Broadcast(ProfileGrid.Values[point]), start);
            low = TLanes.Select(isMinimum, TLanes.Broadcast(ProfileGrid.Values[below]), low);
            high = TLanes.Select(isMinimum, TLanes.Broadcast(ProfileGrid.Values[above]), high);
            last = TLanes.Select(isMinimum, TLanes.Broadcast(point), last);
            isFound = TLanes.Select(isMinimum, isMinimum, isFound);
            if (point is < 3 or > ProfileGrid.Points - 3)
                continue;
            isInside = TLanes.Select(isMinimum, isMinimum, isInside);
            (a, b) = (TLanes.Select(isMinimum, Criteria[point - 2], a), TLanes.Select(isMinimum, Criteria[below], b));
            (d, e) = (TLanes.Select(isMinimum, Criteria[above], d), TLanes.Select(isMinimum, Criteria[point + 2], e));
            c = TLanes.Select(isMinimum, here, c);
        }
        if (TLanes.Any(isInside))
            start = TLanes.Select(isInside, start * Vertex(a / c, b / c, d / c, e / c), start);
        left = hasMore;
        return isFound;
    }

    /// <summary>
    /// The factor from a point of the grid to the minimum of the polynomial of degree four in ln t through the criterion there and at two
    /// neighbours on either side.
    /// </summary>
    /// <param name="a">The value of <see cref="Criteria"/> two points before, over that at the point.</param>
    /// <param name="b">The same one point before.</param>
    /// <param name="d">The same one point after.</param>
    /// <param name="e">The same two points after.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TLanes Vertex(TLanes a, TLanes b, TLanes d, TLanes e)
    {
        (a, b, d, e) = (ReproducibleMath.Log(a), ReproducibleMath.Log(b), ReproducibleMath.Log(d), ReproducibleMath.Log(e));
        // Twelve times the first derivative at the point and the second, and parts of the third and fourth, where the value is 0.
        var eight = TLanes.Broadcast(8);
        var slope = a - e + eight * (d - b);
        var bend = TLanes.Broadcast(16) * (b + d) - (a + e);
        var third = TLanes.Broadcast(3) * (e - a + (b + b) - (d + d));
        var fourth = a + e - TLanes.Broadcast(4) * (b + d);
        fourth += fourth;
        var isBent = TLanes.LessThan(default, bend);
        bend = TLanes.Select(isBent, bend, TLanes.Broadcast(1));
        var (half, none) = (TLanes.Broadcast(0.5), default(TLanes));
        var x = Bounded(none - slope / bend);
        for (var step = 0; step < 2; step++)
        {
            var value = slope + x * (bend + x * (third + x * fourth));
            var change = bend + x * (third + third + TLanes.Broadcast(3) * x * fourth);
            change = TLanes.Select(TLanes.LessThan(half * bend, change), change, bend);
            x = Bounded(x - value / change);
        }
        return TLanes.Select(isBent, ReproducibleMath.Exp(x * TLanes.Broadcast(LogRatio)), TLanes.Broadcast(1));

        static TLanes Bounded(TLanes x)
        {
            var (most, least) = (TLanes.Broadcast(0.75), TLanes.Broadcast(-0.75));
            return TLanes.Select(TLanes.LessThan(most, x), most, TLanes.Select(TLanes.LessThan(x, least), least, x));
        }
    }
}
