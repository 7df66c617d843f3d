using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// Fits of tiles of elements without missing subjects: elements are lanes, each with its own θ, and each performs the same operations in
/// the same order at every register width and whatever its neighbours hold. A workspace of one thread; allocates nothing per element.
/// </summary>
internal abstract class StructuredKernel
{
    /// <summary>The number of registers at which the criterion with its derivatives was evaluated.</summary>
    public long Evaluations { get; protected set; }

    /// <summary>The kernel of this machine, or the one without SIMD; both give the same bits.</summary>
    public static StructuredKernel Create(KernelChoice choice, SharedStructure shared, StartLattice lattice, bool isRestricted)
    {
        if (choice == KernelChoice.Auto && Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
            return new StructuredKernel<Lanes512>(shared, lattice, isRestricted);
        if (choice == KernelChoice.Auto && Vector256.IsHardwareAccelerated && Avx.IsSupported)
            return new StructuredKernel<Lanes256>(shared, lattice, isRestricted);
        if (choice == KernelChoice.Auto && Vector128.IsHardwareAccelerated)
            return new StructuredKernel<Lanes128>(shared, lattice, isRestricted);
        return new StructuredKernel<ScalarLane>(shared, lattice, isRestricted);
    }

    /// <summary>
    /// Fits the lanes that have all rows. Not fitted are lanes with missing subjects or an exact fit, those whose variances are so large
    /// that differences have lost digits, and those whose minimum is not found in a few steps.
    /// </summary>
    /// <param name="responses">The responses, scaled by the roots of weights.</param>
    /// <param name="lanes">The number of lanes with an element; values of the others are not defined.</param>
    /// <param name="tile">Receives the fits.</param>
    public abstract void Fit(in ElementTile responses, int lanes, StructuredTile tile);
}
