using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>η = ln(μ / (1 − μ)).</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct LogitLanes<TLanes> : ILinkLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool IsUnitFree => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply(TLanes means) => ReproducibleMath.FusedLog(means / (TLanes.Broadcast(1) - means));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Means, TLanes Slopes) Invert(TLanes predictors)
    {
        var exp = ReproducibleMath.FusedExp(default(TLanes) - TLanes.Abs(predictors));
        var larger = TLanes.Broadcast(1) / (TLanes.Broadcast(1) + exp);
        var smaller = exp * larger;
        return (TLanes.Select(TLanes.LessThan(predictors, default), smaller, larger), smaller * larger);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValid(TLanes predictors) => TLanes.Finite(predictors);
}
