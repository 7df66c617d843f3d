using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// The matrix product of shuffled bases and residuals: for every element of a tile and every column of a panel Σ over rows, in ascending
/// order, each product fused with its sum. So a sum has the same bits at every register width, and whatever is computed with it.
/// </summary>
/// <remarks>
/// A panel has <see cref="Panel"/> columns, row by row. Rows are taken in chunks whose residuals stay in the core's first cache; sums are
/// kept in registers within a chunk and in memory between chunks.
/// </remarks>
internal abstract class ProductKernel
{
    /// <summary>Columns of a panel.</summary>
    public const int Panel = 8;

    /// <summary>The kernel of this machine, or the one without SIMD; both give the same bits.</summary>
    public static ProductKernel Create(KernelChoice choice)
    {
        if (choice == KernelChoice.Scalar)
            return new ProductKernel<ScalarLane>();
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
            return new ProductKernel<Lanes512>();
        if (Vector256.IsHardwareAccelerated && Avx.IsSupported)
            return new ProductKernel<Lanes256>();
        return Vector128.IsHardwareAccelerated ? new ProductKernel<Lanes128>() : new ProductKernel<ScalarLane>();
    }

    /// <summary>Computes the sums of a tile.</summary>
    /// <param name="residuals">The tile: rows × <see cref="TileKernel.Width"/>.</param>
    /// <param name="panels">The columns: panels × rows × <see cref="Panel"/>.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="sums">Receives panels × <see cref="Panel"/> × <see cref="TileKernel.Width"/> sums.</param>
    public abstract void Multiply(ReadOnlySpan<double> residuals, ReadOnlySpan<double> panels, int rows, Span<double> sums);
}

/// <summary>The product at one register width.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class ProductKernel<TLanes> : ProductKernel
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Two registers of residuals of this many rows, and as many rows of a panel, are in the first cache.</summary>
    private const int ChunkRows = 128;

    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<double> residuals, ReadOnlySpan<double> panels, int rows, Span<double> sums)
    {
        var count = panels.Length / (rows * Panel);
        if (residuals.Length < rows * TileKernel.Width || sums.Length < count * Panel * TileKernel.Width)
            throw new ArgumentException("A tile or its sums are too short.");
        sums[..(count * Panel * TileKernel.Width)].Clear();
        for (var first = 0; first < rows; first += ChunkRows)
        {
            var chunk = Math.Min(ChunkRows, rows - first);
            for (var lane = 0; lane < TileKernel.Width; lane += 2 * TLanes.Count)
            {
                ref var y = ref Unsafe.Add(ref MemoryMarshal.GetReference(residuals), (first * TileKernel.Width) + lane);
                for (var panel = 0; panel < count; panel++)
                {
                    ref var q = ref Unsafe.Add(ref MemoryMarshal.GetReference(panels), ((panel * rows) + first) * Panel);
                    ref var s = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), (panel * Panel * TileKernel.Width) + lane);
                    if (TLanes.Count == 8)
                        AddEight(ref y, ref q, ref s, chunk);
                    else
                        for (var column = 0; column < Panel; column += 4)
                            AddFour(ref y, ref Unsafe.Add(ref q, column), ref Unsafe.Add(ref s, column * TileKernel.Width), chunk);
                }
            }
        }
    }

    /// <summary>Eight columns by two registers of elements: sixteen sums, for machines with 32 registers.</summary>
    private static void AddEight(ref double y, ref double q, ref double s, int rows)
    {
        TLanes a0 = Sum(ref s, 0, 0),
            a1 = Sum(ref s, 0, 1),
            b0 = Sum(ref s, 1, 0),
            b1 = Sum(ref s, 1, 1),
            c0 = Sum(ref s, 2, 0),
            c1 = Sum(ref s, 2, 1),
            d0 = Sum(ref s, 3, 0),
            d1 = Sum(ref s, 3, 1),
            e0 = Sum(ref s, 4, 0),
            e1 = Sum(ref s, 4, 1),
            f0 = Sum(ref s, 5, 0),
            f1 = Sum(ref s, 5, 1),
            g0 = Sum(ref s, 6, 0),
            g1 = Sum(ref s, 6, 1),
            h0 = Sum(ref s, 7, 0),
            h1 = Sum(ref s, 7, 1);
        for (var row = 0; row < rows; row++)
        {
            var y0 = TLanes.Load(ref y);
            var y1 = TLanes.Load(ref Unsafe.Add(ref y, TLanes.Count));
            Add(ref a0, ref a1, y0, y1, q);
            Add(ref b0, ref b1, y0, y1, Unsafe.Add(ref q, 1));
            Add(ref c0, ref c1, y0, y1, Unsafe.Add(ref q, 2));
            Add(ref d0, ref d1, y0, y1, Unsafe.Add(ref q, 3));
            Add(ref e0, ref e1, y0, y1, Unsafe.Add(ref q, 4));
            Add(ref f0, ref f1, y0, y1, Unsafe.Add(ref q, 5));
            Add(ref g0, ref g1, y0, y1, Unsafe.Add(ref q, 6));
            Add(ref h0, ref h1, y0, y1, Unsafe.Add(ref q, 7));
            y = ref Unsafe.Add(ref y, TileKernel.Width);
            q = ref Unsafe.Add(ref q, Panel);
        }
        Store(ref s, 0, a0, a1);
        Store(ref s, 1, b0, b1);
        Store(ref s, 2, c0, c1);
        Store(ref s, 3, d0, d1);
        Store(ref s, 4, e0, e1);
        Store(ref s, 5, f0, f1);
        Store(ref s, 6, g0, g1);
        Store(ref s, 7, h0, h1);
    }

    private static void AddFour(ref double y, ref double q, ref double s, int rows)
    {
        TLanes a0 = Sum(ref s, 0, 0),
            a1 = Sum(ref s, 0, 1),
            b0 = Sum(ref s, 1, 0),
            b1 = Sum(ref s, 1, 1),
            c0 = Sum(ref s, 2, 0),
            c1 = Sum(ref s, 2, 1),
            d0 = Sum(ref s, 3, 0),
            d1 = Sum(ref s, 3, 1);
        for (var row = 0; row < rows; row++)
        {
            var y0 = TLanes.Load(ref y);
            var y1 = TLanes.Load(ref Unsafe.Add(ref y, TLanes.Count));
            Add(ref a0, ref a1, y0, y1, q);
            Add(ref b0, ref b1, y0, y1, Unsafe.Add(ref q, 1));
            Add(ref c0, ref c1, y0, y1, Unsafe.Add(ref q, 2));
            Add(ref d0, ref d1, y0, y1, Unsafe.Add(ref q, 3));
            y = ref Unsafe.Add(ref y, TileKernel.Width);
            q = ref Unsafe.Add(ref q, Panel);
        }
        Store(ref s, 0, a0, a1);
        Store(ref s, 1, b0, b1);
        Store(ref s, 2, c0, c1);
        Store(ref s, 3, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref TLanes first, ref TLanes second, TLanes y0, TLanes y1, double q)
    {
        var factor = TLanes.Broadcast(q);
        first = TLanes.AddProduct(first, y0, factor);
        second = TLanes.AddProduct(second, y1, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Sum(ref double s, int column, int register) =>
        TLanes.Load(ref Unsafe.Add(ref s, (column * TileKernel.Width) + (register * TLanes.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref double s, int column, TLanes first, TLanes second)
    {
        TLanes.Store(first, ref Unsafe.Add(ref s, column * TileKernel.Width));
        TLanes.Store(second, ref Unsafe.Add(ref s, (column * TileKernel.Width) + TLanes.Count));
    }
}
