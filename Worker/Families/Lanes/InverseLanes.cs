using System.Runtime.CompilerServices;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>η = 1 / μ.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct InverseLanes<TLanes> : ILinkLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool IsUnitFree => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply(TLanes means) => TLanes.Broadcast(1) / means;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Means, TLanes Slopes) Invert(TLanes predictors)
    {
        var means = TLanes.Broadcast(1) / predictors;
        return (means, default(TLanes) - means * means);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValid(TLanes predictors) =>
        TLanes.WhereSet(TLanes.Finite(predictors), TLanes.LessThan(default, TLanes.Abs(predictors)));
}
