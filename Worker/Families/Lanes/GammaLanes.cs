using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>Positive responses with a constant coefficient of variation, as <see cref="GammaFamily"/>.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct GammaLanes<TLanes> : IFamilyLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool HasShape => false;

    /// <inheritdoc/>
    public static double SomeResponse => 1;

    /// <inheritdoc/>
    public static bool IsCanonical<TLink>() => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Accepts(TLanes responses, TLanes weights, bool isQuasi) => TLanes.LessThan(default, responses);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes StartingMean(TLanes responses, TLanes weights) => responses;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValidMean(TLanes means) => TLanes.WhereSet(TLanes.Finite(means), TLanes.LessThan(default, means));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Variance(TLanes means, TLanes alpha) => means * means;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes UnitDeviance(TLanes responses, TLanes means, TLanes alpha)
    {
        var ratio = (responses - means) / means;
        return TLanes.Broadcast(-2) * (ReproducibleMath.FusedLog(responses / means) - ratio);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DistanceFromLimit(TLanes means, TLanes largest) => TLanes.Broadcast(1);
}
