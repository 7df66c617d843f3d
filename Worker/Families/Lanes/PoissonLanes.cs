using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>Counts, as <see cref="PoissonFamily"/>.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct PoissonLanes<TLanes> : IFamilyLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool HasShape => false;

    /// <inheritdoc/>
    public static double SomeResponse => 0;

    /// <inheritdoc/>
    public static bool IsCanonical<TLink>() => typeof(TLink) == typeof(LogLanes<TLanes>);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Accepts(TLanes responses, TLanes weights, bool isQuasi) =>
        TLanes.WhereSet(TLanes.LessThanOrEqual(default, responses), isQuasi ? Whole<TLanes>.All : Whole<TLanes>.IsCount(responses));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes StartingMean(TLanes responses, TLanes weights) => responses + TLanes.Broadcast(0.1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValidMean(TLanes means) => TLanes.WhereSet(TLanes.Finite(means), TLanes.LessThan(default, means));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Variance(TLanes means, TLanes alpha) => means;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes UnitDeviance(TLanes responses, TLanes means, TLanes alpha)
    {
        var ratio = TLanes.Select(TLanes.LessThan(default, responses), responses / means, TLanes.Broadcast(1));
        return TLanes.Broadcast(2) * (responses * ReproducibleMath.FusedLog(ratio) - (responses - means));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DistanceFromLimit(TLanes means, TLanes largest) => means / largest;
}
