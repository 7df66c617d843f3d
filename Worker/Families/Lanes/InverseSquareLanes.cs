using System.Runtime.CompilerServices;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>η = 1 / μ².</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct InverseSquareLanes<TLanes> : ILinkLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool IsUnitFree => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply(TLanes means) => TLanes.Broadcast(1) / (means * means);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Means, TLanes Slopes) Invert(TLanes predictors)
    {
        var means = TLanes.Broadcast(1) / TLanes.Sqrt(predictors);
        return (means, TLanes.Broadcast(-0.5) * means / predictors);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValid(TLanes predictors) => TLanes.WhereSet(TLanes.Finite(predictors), TLanes.LessThan(default, predictors));
}
