using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>Proportions of successes, as <see cref="BinomialFamily"/>.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal readonly struct BinomialLanes<TLanes> : IFamilyLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public static bool HasShape => false;

    /// <inheritdoc/>
    public static double SomeResponse => 0;

    /// <inheritdoc/>
    public static bool IsCanonical<TLink>() => typeof(TLink) == typeof(LogitLanes<TLanes>);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Accepts(TLanes responses, TLanes weights, bool isQuasi) =>
        TLanes.WhereSet(
            TLanes.WhereSet(TLanes.LessThanOrEqual(default, responses), TLanes.LessThanOrEqual(responses, TLanes.Broadcast(1))),
            isQuasi ? Whole<TLanes>.All : Whole<TLanes>.IsNearly(weights * responses, TLanes.Broadcast(1e-3))
        );

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes StartingMean(TLanes responses, TLanes weights) =>
        (weights * responses + TLanes.Broadcast(0.5)) / (weights + TLanes.Broadcast(1));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsValidMean(TLanes means) =>
        TLanes.WhereSet(TLanes.LessThan(default, means), TLanes.LessThan(means, TLanes.Broadcast(1)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Variance(TLanes means, TLanes alpha) => means * (TLanes.Broadcast(1) - means);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes UnitDeviance(TLanes responses, TLanes means, TLanes alpha)
    {
        var (one, rest) = (TLanes.Broadcast(1), TLanes.Broadcast(1) - responses);
        // Responses of 0 and 1, the usual case, need one logarithm, which is the one that remains of the two.
        if (TLanes.All(TLanes.LessThanOrEqual(responses * rest, default)))
            return TLanes.Broadcast(-2) * ReproducibleMath.FusedLog(TLanes.Select(TLanes.LessThan(default, responses), means, one - means));
        var successes = TLanes.Select(TLanes.LessThan(default, responses), means / responses, one);
        var failures = TLanes.Select(TLanes.LessThan(default, rest), (one - means) / rest, one);
        return TLanes.Broadcast(-2) * (responses * ReproducibleMath.FusedLog(successes) + rest * ReproducibleMath.FusedLog(failures));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DistanceFromLimit(TLanes means, TLanes largest) => TLanes.Min(means, TLanes.Broadcast(1) - means);
}
