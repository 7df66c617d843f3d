using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>η = ln μ.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct LogLanes<TLanes> : ILinkLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool IsUnitFree => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply(TLanes means) => ReproducibleMath.FusedLog(means);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Means, TLanes Slopes) Invert(TLanes predictors)
    {
        var means = ReproducibleMath.FusedExp(predictors);
        return (means, means);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValid(TLanes predictors) => TLanes.Finite(predictors);
}
