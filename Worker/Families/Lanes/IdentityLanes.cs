using System.Runtime.CompilerServices;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>η = μ.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct IdentityLanes<TLanes> : ILinkLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool IsUnitFree => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply(TLanes means) => means;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Means, TLanes Slopes) Invert(TLanes predictors) => (predictors, TLanes.Broadcast(1));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValid(TLanes predictors) => TLanes.Finite(predictors);
}
