using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HpcFit.Worker.Kernels;

/// <summary>
/// The arithmetic that least squares does for a tile of <see cref="Width"/> elements at once: projecting the responses y on the columns
/// of a basis Q that all elements share, and summing squared residuals. Elements are lanes and subjects are added in ascending row
/// order, each product fused with its sum, so the result for an element has the same bits at every register width and whatever its
/// neighbours hold, NaN included.
/// </summary>
/// <remarks>
/// Shapes: a basis is rows × columns, row-major. What belongs to a tile is column-major by element, value of column j at lane l at
/// <c>[j * Width + l]</c>. Packed symmetric matrices hold the lower triangle by rows, entry (i, j ≤ i) at
/// <c>[(i * (i + 1) / 2 + j) * Width + l]</c>. Nothing is allocated; instances have no state and are shared by threads.
/// <para>
/// The loops exist once, generic in three types; the compiler makes a version of each for every combination that is used. All versions give
/// the same bits.
/// </para>
/// <list type="table">
/// <listheader>
///   <term>axis</term><description>types; where it is chosen</description>
/// </listheader>
/// <item>
///   <term>register, <c>TLanes</c></term>
///   <description><see cref="ScalarLane"/> (1 element), <see cref="Lanes128"/> (2), <see cref="Lanes256"/> (4),
///   <see cref="LanePair{TLanes}"/> of <see cref="Lanes512"/> (16), each in its own file, all with the operations of
///   <see cref="ILanes{TSelf}"/>; chosen once per process by <see cref="Create"/>.</description>
/// </item>
/// <item>
///   <term>stored values, <c>T</c></term>
///   <description><see cref="float"/> or <see cref="double"/>, computed as double either way; chosen per call from the
///   <see cref="ElementTile"/>. Weighted or offset responses are always double (<see cref="ResponseTile"/>).</description>
/// </item>
/// <item>
///   <term>rows, <c>TRows</c></term>
///   <description><c>AllRows</c>, or <c>FiniteRows</c>: each lane's rows with a finite value; chosen by the method that is called
///   (<see cref="Project"/>, <see cref="ProjectFinite"/>). Only the former prefetch.</description>
/// </item>
/// </list>
/// <para>
/// TileKernel.Generic.cs has projections and residual sums (all three axes); TileKernel.Generic.ObservedRows.cs has the Gram matrix of the
/// missing rows (register and stored values) and the small triangular systems (register alone).
/// </para>
/// </remarks>
internal abstract class TileKernel
{
    /// <summary>Elements in a tile.</summary>
    public const int Width = 32;

    /// <summary>The kernel of this machine, or the one without SIMD; both give the same bits.</summary>
    public static TileKernel Create(KernelChoice choice)
    {
        if (choice == KernelChoice.Scalar)
            return new TileKernel<ScalarLane>();
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
            return new TileKernel<LanePair<Lanes512>>();
        if (Vector256.IsHardwareAccelerated && Avx.IsSupported)
            return new TileKernel<Lanes256>();
        return Vector128.IsHardwareAccelerated ? new TileKernel<Lanes128>() : new TileKernel<ScalarLane>();
    }

    /// <summary>
    /// Q'y. A lane with a non-finite value in any row gets a non-finite projection on every column (NaN and infinity survive products
    /// and sums, 0 × infinity is NaN), so testing the first column shows which lanes are complete.
    /// </summary>
    /// <param name="tile">The responses y.</param>
    /// <param name="basis">Q, rows × columns, row-major.</param>
    /// <param name="columns">Columns of Q, at least 1.</param>
    /// <param name="projections">Receives Q'y, columns × <see cref="Width"/>.</param>
    public abstract void Project(in ElementTile tile, ReadOnlySpan<double> basis, int columns, Span<double> projections);

    /// <summary>Σ (y - Q a)², from the residuals themselves.</summary>
    /// <param name="tile">The responses y.</param>
    /// <param name="basis">Q, rows × columns, row-major.</param>
    /// <param name="columns">Columns of Q, at least 1.</param>
    /// <param name="projections">a, columns × <see cref="Width"/>.</param>
    /// <param name="sums">Receives one sum per lane.</param>
    public abstract void SumResidualSquares(
        in ElementTile tile,
        ReadOnlySpan<double> basis,
        int columns,
        ReadOnlySpan<double> projections,
        Span<double> sums
    );

    /// <summary>Q'y over each lane's finite values only.</summary>
    /// <inheritdoc cref="Project"/>
    public abstract void ProjectFinite(in ElementTile tile, ReadOnlySpan<double> basis, int columns, Span<double> projections);

    /// <summary>Σ (y - Q a)² over each lane's finite values only.</summary>
    /// <inheritdoc cref="SumResidualSquares"/>
    public abstract void SumFiniteResidualSquares(
        in ElementTile tile,
        ReadOnlySpan<double> basis,
        int columns,
        ReadOnlySpan<double> projections,
        Span<double> sums
    );

    /// <summary>
    /// The part of Q'Q that comes from a lane's missing rows, Σ q q' over its non-finite values: with orthonormal Q, the Gram matrix of the
    /// observed rows is the identity minus this sum.
    /// </summary>
    /// <param name="tile">The responses y.</param>
    /// <param name="basis">Q, rows × columns, row-major.</param>
    /// <param name="columns">Columns of Q, at least 1.</param>
    /// <param name="gram">Receives the sums, packed, columns (columns + 1) / 2 × <see cref="Width"/>.</param>
    /// <param name="missing">Receives the number of missing rows, one per lane.</param>
    public abstract void SumMissingGram(
        in ElementTile tile,
        ReadOnlySpan<double> basis,
        int columns,
        Span<double> gram,
        Span<double> missing
    );

    /// <summary>Solves R x = b for one upper triangular R and a tile of right sides, by back substitution.</summary>
    /// <param name="upper">R, columns × columns, row-major; only its upper triangle is read.</param>
    /// <param name="columns">The order of R.</param>
    /// <param name="rightSides">b, columns × <see cref="Width"/>.</param>
    /// <param name="solutions">Receives x, columns × <see cref="Width"/>; may be <paramref name="rightSides"/>.</param>
    public abstract void BackSubstitute(ReadOnlySpan<double> upper, int columns, ReadOnlySpan<double> rightSides, Span<double> solutions);

    /// <summary>
    /// Least squares on each lane's observed rows. With G = I - (missing Gram) = L L' and b = Q'y over those rows: the
    /// projections u = L⁻¹ b on an orthonormal basis of the observed rows, a = L⁻ᵀ u, and the diagonal of (R' G R)⁻¹, the unscaled
    /// variances of the coefficients of X = Q R.
    /// </summary>
    /// <param name="upper">R, columns × columns, row-major.</param>
    /// <param name="columns">The order of R.</param>
    /// <param name="gram">On entry the missing Gram, packed; on return L, packed. Lanes whose G is not positive hold NaN.</param>
    /// <param name="projections">On entry b; on return u.</param>
    /// <param name="solutions">Receives a.</param>
    /// <param name="variances">Receives the diagonal of (R' G R)⁻¹, columns × <see cref="Width"/>.</param>
    /// <param name="pivots">Receives the smallest squared pivot of L, one per lane; NaN where G is not positive.</param>
    /// <param name="tolerances">
    /// Receives the smallest, over the columns of X, of (norm of the column's part outside the columns before it) / (norm of the
    /// column), both on the observed rows: what a QR with limited pivoting compares with its tolerance.
    /// </param>
    public abstract void SolveOnObservedRows(
        ReadOnlySpan<double> upper,
        int columns,
        Span<double> gram,
        Span<double> projections,
        Span<double> solutions,
        Span<double> variances,
        Span<double> pivots,
        Span<double> tolerances
    );
}
