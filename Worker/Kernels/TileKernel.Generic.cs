using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Kernels;

/// <summary>The kernel at one register width.</summary>
/// <remarks>
/// Invariant of the unchecked accesses: every row of a tile holds <see cref="TileKernel.Width"/> values from its start, a basis holds
/// rows × columns values, and tile-shaped spans hold a multiple of <see cref="TileKernel.Width"/> (asserted at entry in debug builds).
/// </remarks>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed partial class TileKernel<TLanes> : TileKernel
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override void Project(in ElementTile tile, ReadOnlySpan<double> basis, int columns, Span<double> projections) =>
        Project<AllRows>(tile, basis, columns, projections);

    /// <inheritdoc/>
    public override void ProjectFinite(in ElementTile tile, ReadOnlySpan<double> basis, int columns, Span<double> projections) =>
        Project<FiniteRows>(tile, basis, columns, projections);

    /// <inheritdoc/>
    public override void SumResidualSquares(
        in ElementTile tile,
        ReadOnlySpan<double> basis,
        int columns,
        ReadOnlySpan<double> projections,
        Span<double> sums
    ) => SumSquares<AllRows>(tile, basis, columns, projections, sums);

    /// <inheritdoc/>
    public override void SumFiniteResidualSquares(
        in ElementTile tile,
        ReadOnlySpan<double> basis,
        int columns,
        ReadOnlySpan<double> projections,
        Span<double> sums
    ) => SumSquares<FiniteRows>(tile, basis, columns, projections, sums);

    private static void Project<TRows>(in ElementTile tile, ReadOnlySpan<double> basis, int columns, Span<double> projections)
        where TRows : struct, IRowChoice
    {
        Debug.Assert(basis.Length >= tile.Rows * columns && projections.Length >= columns * Width);
        var prefetch = StartPrefetch<TRows>(tile, 2 * tile.Number, basis);
        if (tile.Doubles.IsEmpty)
            Project<float, TRows>(tile.Singles, tile.RowStarts, basis, columns, projections, prefetch);
        else
            Project<double, TRows>(tile.Doubles, tile.RowStarts, basis, columns, projections, prefetch);
    }

    private static void SumSquares<TRows>(
        in ElementTile tile,
        ReadOnlySpan<double> basis,
        int columns,
        ReadOnlySpan<double> projections,
        Span<double> sums
    )
        where TRows : struct, IRowChoice
    {
        Debug.Assert(basis.Length >= tile.Rows * columns && projections.Length >= columns * Width && sums.Length >= Width);
        var prefetch = StartPrefetch<TRows>(tile, (2 * tile.Number) + 1, basis);
        if (tile.Doubles.IsEmpty)
            SumSquares<float, TRows>(tile.Singles, tile.RowStarts, basis, columns, projections, sums, prefetch);
        else
            SumSquares<double, TRows>(tile.Doubles, tile.RowStarts, basis, columns, projections, sums, prefetch);
    }

    /// <summary>The loops over all rows, which come first, prefetch; those over finite rows have nothing left to do.</summary>
    private static PrefetchHint.Cursor StartPrefetch<TRows>(in ElementTile tile, int line, ReadOnlySpan<double> basis)
        where TRows : struct, IRowChoice =>
        typeof(TRows) == typeof(AllRows) ? tile.Prefetch.Start(line, basis) : PrefetchHint.Cursor.Idle(basis);

    private static void Project<T, TRows>(
        ReadOnlySpan<T> values,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<double> basis,
        int columns,
        Span<double> projections,
        PrefetchHint.Cursor prefetch
    )
        where T : unmanaged
        where TRows : struct, IRowChoice
    {
        for (var lane = 0; lane < Width; lane += 2 * TLanes.Count)
        {
            ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), lane);
            var j = 0;
            for (; columns - j >= 4; j += 4)
            {
                ProjectFour<T, TRows>(ref first, rowStarts, basis, columns, j, projections[lane..], prefetch);
                prefetch = PrefetchHint.Cursor.Idle(basis); // once per row is enough
            }
            for (; columns - j >= 2; j += 2)
                ProjectTwo<T, TRows>(ref first, rowStarts, basis, columns, j, projections[lane..]);
            if (j < columns)
                ProjectOne<T, TRows>(ref first, rowStarts, basis, columns, j, projections[lane..]);
        }
    }

    /// <summary>Four columns by two registers of elements: eight independent sums hide the latency of addition.</summary>
    private static void ProjectFour<T, TRows>(
        ref T values,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<double> basis,
        int columns,
        int column,
        Span<double> projections,
        PrefetchHint.Cursor prefetch
    )
        where T : unmanaged
        where TRows : struct, IRowChoice
    {
        TLanes a0 = default,
            a1 = default,
            b0 = default,
            b1 = default,
            c0 = default,
            c1 = default,
            d0 = default,
            d1 = default;
        ref var q = ref Unsafe.Add(ref MemoryMarshal.GetReference(basis), column);
        foreach (var start in rowStarts)
        {
            PrefetchHint.Cursor.Next(ref prefetch);
            ref var row = ref Unsafe.Add(ref values, start);
            var y0 = Chosen<TRows>(Load(ref row, 0));
            var y1 = Chosen<TRows>(Load(ref row, TLanes.Count));
            var q0 = TLanes.Broadcast(q);
            a0 = TLanes.AddProduct(a0, y0, q0);
            a1 = TLanes.AddProduct(a1, y1, q0);
            var q1 = TLanes.Broadcast(Unsafe.Add(ref q, 1));
            b0 = TLanes.AddProduct(b0, y0, q1);
            b1 = TLanes.AddProduct(b1, y1, q1);
            var q2 = TLanes.Broadcast(Unsafe.Add(ref q, 2));
            c0 = TLanes.AddProduct(c0, y0, q2);
            c1 = TLanes.AddProduct(c1, y1, q2);
            var q3 = TLanes.Broadcast(Unsafe.Add(ref q, 3));
            d0 = TLanes.AddProduct(d0, y0, q3);
            d1 = TLanes.AddProduct(d1, y1, q3);
            q = ref Unsafe.Add(ref q, columns);
        }
        Store(a0, a1, projections, column);
        Store(b0, b1, projections, column + 1);
        Store(c0, c1, projections, column + 2);
        Store(d0, d1, projections, column + 3);
    }

    private static void ProjectTwo<T, TRows>(
        ref T values,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<double> basis,
        int columns,
        int column,
        Span<double> projections
    )
        where T : unmanaged
        where TRows : struct, IRowChoice
    {
        TLanes a0 = default,
            a1 = default,
            b0 = default,
            b1 = default;
        ref var q = ref Unsafe.Add(ref MemoryMarshal.GetReference(basis), column);
        foreach (var start in rowStarts)
        {
            ref var row = ref Unsafe.Add(ref values, start);
            var y0 = Chosen<TRows>(Load(ref row, 0));
            var y1 = Chosen<TRows>(Load(ref row, TLanes.Count));
            var q0 = TLanes.Broadcast(q);
            a0 = TLanes.AddProduct(a0, y0, q0);
            a1 = TLanes.AddProduct(a1, y1, q0);
            var q1 = TLanes.Broadcast(Unsafe.Add(ref q, 1));
            b0 = TLanes.AddProduct(b0, y0, q1);
            b1 = TLanes.AddProduct(b1, y1, q1);
            q = ref Unsafe.Add(ref q, columns);
        }
        Store(a0, a1, projections, column);
        Store(b0, b1, projections, column + 1);
    }

    private static void ProjectOne<T, TRows>(
        ref T values,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<double> basis,
        int columns,
        int column,
        Span<double> projections
    )
        where T : unmanaged
        where TRows : struct, IRowChoice
    {
        TLanes a0 = default,
            a1 = default;
        ref var q = ref Unsafe.Add(ref MemoryMarshal.GetReference(basis), column);
        foreach (var start in rowStarts)
        {
            ref var row = ref Unsafe.Add(ref values, start);
            var q0 = TLanes.Broadcast(q);
            a0 = TLanes.AddProduct(a0, Chosen<TRows>(Load(ref row, 0)), q0);
            a1 = TLanes.AddProduct(a1, Chosen<TRows>(Load(ref row, TLanes.Count)), q0);
            q = ref Unsafe.Add(ref q, columns);
        }
        Store(a0, a1, projections, column);
    }

    private static void SumSquares<T, TRows>(
        ReadOnlySpan<T> values,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<double> basis,
        int columns,
        ReadOnlySpan<double> projections,
        Span<double> sums,
        PrefetchHint.Cursor prefetch
    )
        where T : unmanaged
        where TRows : struct, IRowChoice
    {
        for (var lane = 0; lane < Width; lane += 2 * TLanes.Count)
        {
            ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), lane);
            if (columns >= 4)
                SumSquaresOfManyColumns<T, TRows>(ref first, rowStarts, basis, columns, projections[lane..], sums[lane..], prefetch);
            else
                SumSquaresOfFewColumns<T, TRows>(ref first, rowStarts, basis, columns, projections[lane..], sums[lane..]);
            prefetch = PrefetchHint.Cursor.Idle(basis); // once per row is enough
        }
    }

    /// <summary>The first four columns' projections stay in registers; products are subtracted in the order of the columns.</summary>
    private static void SumSquaresOfManyColumns<T, TRows>(
        ref T values,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<double> basis,
        int columns,
        ReadOnlySpan<double> projections,
        Span<double> sums,
        PrefetchHint.Cursor prefetch
    )
        where T : unmanaged
        where TRows : struct, IRowChoice
    {
        ref var a = ref MemoryMarshal.GetReference(projections);
        ref var q = ref MemoryMarshal.GetReference(basis);
        var (a00, a01) = (TLanes.Load(ref a), TLanes.Load(ref Unsafe.Add(ref a, TLanes.Count)));
        var (a10, a11) = (TLanes.Load(ref Unsafe.Add(ref a, Width)), TLanes.Load(ref Unsafe.Add(ref a, Width + TLanes.Count)));
        var (a20, a21) = (TLanes.Load(ref Unsafe.Add(ref a, 2 * Width)), TLanes.Load(ref Unsafe.Add(ref a, (2 * Width) + TLanes.Count)));
        var (a30, a31) = (TLanes.Load(ref Unsafe.Add(ref a, 3 * Width)), TLanes.Load(ref Unsafe.Add(ref a, (3 * Width) + TLanes.Count)));
        TLanes sum0 = default,
            sum1 = default;
        foreach (var start in rowStarts)
        {
            PrefetchHint.Cursor.Next(ref prefetch);
            ref var row = ref Unsafe.Add(ref values, start);
            var y0 = Load(ref row, 0);
            var y1 = Load(ref row, TLanes.Count);
            var q0 = TLanes.Broadcast(q);
            var r0 = TLanes.SubtractProduct(y0, q0, a00);
            var r1 = TLanes.SubtractProduct(y1, q0, a01);
            var q1 = TLanes.Broadcast(Unsafe.Add(ref q, 1));
            r0 = TLanes.SubtractProduct(r0, q1, a10);
            r1 = TLanes.SubtractProduct(r1, q1, a11);
            var q2 = TLanes.Broadcast(Unsafe.Add(ref q, 2));
            r0 = TLanes.SubtractProduct(r0, q2, a20);
            r1 = TLanes.SubtractProduct(r1, q2, a21);
            var q3 = TLanes.Broadcast(Unsafe.Add(ref q, 3));
            r0 = TLanes.SubtractProduct(r0, q3, a30);
            r1 = TLanes.SubtractProduct(r1, q3, a31);
            for (var j = 4; j < columns; j++)
                SubtractProjection(ref r0, ref r1, ref Unsafe.Add(ref q, j), ref Unsafe.Add(ref a, j * Width));
            r0 = Chosen<TRows>(y0, r0);
            r1 = Chosen<TRows>(y1, r1);
            sum0 = TLanes.AddProduct(sum0, r0, r0);
            sum1 = TLanes.AddProduct(sum1, r1, r1);
            q = ref Unsafe.Add(ref q, columns);
        }
        Store(sum0, sum1, sums, 0);
    }

    private static void SumSquaresOfFewColumns<T, TRows>(
        ref T values,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<double> basis,
        int columns,
        ReadOnlySpan<double> projections,
        Span<double> sums
    )
        where T : unmanaged
        where TRows : struct, IRowChoice
    {
        ref var a = ref MemoryMarshal.GetReference(projections);
        ref var q = ref MemoryMarshal.GetReference(basis);
        TLanes sum0 = default,
            sum1 = default;
        foreach (var start in rowStarts)
        {
            ref var row = ref Unsafe.Add(ref values, start);
            var y0 = Load(ref row, 0);
            var y1 = Load(ref row, TLanes.Count);
            var (r0, r1) = (y0, y1);
            for (var j = 0; j < columns; j++)
                SubtractProjection(ref r0, ref r1, ref Unsafe.Add(ref q, j), ref Unsafe.Add(ref a, j * Width));
            r0 = Chosen<TRows>(y0, r0);
            r1 = Chosen<TRows>(y1, r1);
            sum0 = TLanes.AddProduct(sum0, r0, r0);
            sum1 = TLanes.AddProduct(sum1, r1, r1);
            q = ref Unsafe.Add(ref q, columns);
        }
        Store(sum0, sum1, sums, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractProjection(ref TLanes first, ref TLanes second, ref double q, ref double a)
    {
        var coefficient = TLanes.Broadcast(q);
        first = TLanes.SubtractProduct(first, coefficient, TLanes.Load(ref a));
        second = TLanes.SubtractProduct(second, coefficient, TLanes.Load(ref Unsafe.Add(ref a, TLanes.Count)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Load<T>(ref T values, int index)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? TLanes.Widen(ref Unsafe.As<T, float>(ref Unsafe.Add(ref values, index)))
            : TLanes.Load(ref Unsafe.As<T, double>(ref Unsafe.Add(ref values, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Chosen<TRows>(TLanes y)
        where TRows : struct, IRowChoice => Chosen<TRows>(y, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Chosen<TRows>(TLanes y, TLanes value)
        where TRows : struct, IRowChoice => typeof(TRows) == typeof(FiniteRows) ? TLanes.WhereSet(TLanes.Finite(y), value) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TLanes first, TLanes second, Span<double> target, int column)
    {
        TLanes.Store(first, ref target[column * Width]);
        TLanes.Store(second, ref target[(column * Width) + TLanes.Count]);
    }

    /// <summary>
    /// Whether a lane's sums include all rows or only its finite ones: a type, so that each loop is compiled for either case.
    /// </summary>
    private interface IRowChoice;

    private readonly struct AllRows : IRowChoice;

    private readonly struct FiniteRows : IRowChoice;
}
