using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Tiles;

/// <summary>
/// The arithmetic of mixed models for a tile of elements: sums over groups, the minimum of the criterion, and combinations of
/// coefficients. Elements are lanes, and each performs the same operations in the same order at every register width and whatever its
/// neighbours hold. A workspace of one thread; allocates nothing per element.
/// </summary>
internal abstract class MixedKernel
{
    /// <summary>The kernel of this machine, or the one without SIMD; both give the same bits.</summary>
    public static MixedKernel Create(KernelChoice choice, SharedGroups design, bool isRestricted)
    {
        if (choice == KernelChoice.Auto && Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
            // Two registers per step where the loop is long and simple.
            return new MixedKernel<Lanes512>(design, isRestricted, new GroupSums<LanePair<Lanes512>>(design));
        if (choice == KernelChoice.Auto && Vector256.IsHardwareAccelerated && Avx.IsSupported)
            return new MixedKernel<Lanes256>(design, isRestricted, new GroupSums<Lanes256>(design));
        if (choice == KernelChoice.Auto && Vector128.IsHardwareAccelerated)
            return new MixedKernel<Lanes128>(design, isRestricted, new GroupSums<Lanes128>(design));
        return new MixedKernel<ScalarLane>(design, isRestricted, new GroupSums<ScalarLane>(design));
    }

    /// <summary>
    /// Fits the lanes that have all rows. Not fitted are lanes with missing subjects, those whose residuals are so small that their sums
    /// have lost digits, and those whose minimum is not found in a few steps.
    /// </summary>
    /// <param name="responses">The responses, scaled by the roots of weights.</param>
    /// <param name="lanes">The number of lanes with an element; values of the others are not defined.</param>
    /// <param name="tile">Receives the fits.</param>
    public abstract void Fit(in ElementTile responses, int lanes, MixedTile tile);

    /// <summary>A combination of the coordinates on Q in every lane.</summary>
    /// <param name="tile">The fits.</param>
    /// <param name="lanes">The number of lanes with an element.</param>
    /// <param name="functional">The combination's weights, as many as the rank.</param>
    /// <param name="effects">Receives it.</param>
    public abstract void Combine(MixedTile tile, int lanes, ReadOnlySpan<double> functional, MixedEffects effects);
}
