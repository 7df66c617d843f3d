using System.Runtime.CompilerServices;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>Masks of whole numbers. Numbers above 2^51 are never recognised.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal static class Whole<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>R's tolerance of counts, relative above 1.</summary>
    private const double Tolerance = 1e-7;

    /// <summary>1.5 · 2^52: a number that is added to it and subtracted again becomes whole.</summary>
    private const double Shift = 6755399441055744;

    /// <summary>A mask that is set in every lane.</summary>
    public static TLanes All => TLanes.LessThanOrEqual(default, default);

    /// <summary>A mask of the counts, as <see cref="WholeCount.Is"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsCount(TLanes values)
    {
        var (one, size) = (TLanes.Broadcast(1), TLanes.Abs(values));
        return IsNearly(values, TLanes.Broadcast(Tolerance) * TLanes.Select(TLanes.LessThan(size, one), one, size));
    }

    /// <summary>A mask of the values that are whole to a tolerance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes IsNearly(TLanes values, TLanes tolerance)
    {
        var whole = values + TLanes.Broadcast(Shift) - TLanes.Broadcast(Shift);
        return TLanes.WhereSet(
            TLanes.LessThan(TLanes.Abs(values), TLanes.Broadcast(2251799813685248)),
            TLanes.LessThanOrEqual(TLanes.Abs(values - whole), tolerance)
        );
    }
}
