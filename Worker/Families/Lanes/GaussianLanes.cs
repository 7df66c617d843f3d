using System.Runtime.CompilerServices;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>Normal responses whose starting values the link takes, as <see cref="GaussianFamily"/>.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct GaussianLanes<TLanes> : IFamilyLanes<TLanes>
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
    public static TLanes Accepts(TLanes responses, TLanes weights, bool isQuasi) => TLanes.Finite(responses);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes StartingMean(TLanes responses, TLanes weights) => responses;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValidMean(TLanes means) => TLanes.Finite(means);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Variance(TLanes means, TLanes alpha) => TLanes.Broadcast(1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes UnitDeviance(TLanes responses, TLanes means, TLanes alpha) => (responses - means) * (responses - means);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DistanceFromLimit(TLanes means, TLanes largest) => TLanes.Broadcast(1);
}
