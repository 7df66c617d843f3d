using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>Counts that vary more than Poisson's, V = μ + α μ², as <see cref="NegativeBinomialFamily"/>.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct NegativeBinomialLanes<TLanes> : IFamilyLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool HasShape => true;

    /// <inheritdoc/>
    public static double SomeResponse => 0;

    /// <inheritdoc/>
    public static bool IsCanonical<TLink>() => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Accepts(TLanes responses, TLanes weights, bool isQuasi) =>
        TLanes.WhereSet(TLanes.LessThanOrEqual(default, responses), Whole<TLanes>.IsCount(responses));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes StartingMean(TLanes responses, TLanes weights) =>
        TLanes.Select(TLanes.LessThan(default, responses), responses, TLanes.Broadcast(1.0 / 6));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValidMean(TLanes means) => TLanes.WhereSet(TLanes.Finite(means), TLanes.LessThan(default, means));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Variance(TLanes means, TLanes alpha) => TLanes.AddProduct(means, alpha * means, means);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes UnitDeviance(TLanes responses, TLanes means, TLanes alpha)
    {
        var one = TLanes.Broadcast(1);
        var ratio = TLanes.Select(TLanes.LessThan(default, responses), responses / means, one);
        var excess = alpha * (responses - means) / (one + alpha * means);
        return TLanes.Broadcast(2)
            * (responses * ReproducibleMath.FusedLog(ratio) - (responses + one / alpha) * ReproducibleMath.Log1p(excess));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DistanceFromLimit(TLanes means, TLanes largest) => means / largest;
}
