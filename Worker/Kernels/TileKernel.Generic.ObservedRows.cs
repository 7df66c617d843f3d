using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HpcFit.Worker.Kernels;

/// <content>Elements with missing subjects: the Gram matrix of the observed rows, its Cholesky factor, and what follows from it.</content>
internal sealed partial class TileKernel<TLanes>
{
    /// <inheritdoc/>
    public override void SumMissingGram(
        in ElementTile tile,
        ReadOnlySpan<double> basis,
        int columns,
        Span<double> gram,
        Span<double> missing
    )
    {
        var packed = columns * (columns + 1) / 2;
        Debug.Assert(basis.Length >= tile.Rows * columns && gram.Length >= packed * Width && missing.Length >= Width);
        gram[..(packed * Width)].Clear();
        if (tile.Doubles.IsEmpty)
            SumMissingGram(tile.Singles, tile.RowStarts, basis, columns, gram, missing);
        else
            SumMissingGram(tile.Doubles, tile.RowStarts, basis, columns, gram, missing);
    }

    /// <inheritdoc/>
    public override void BackSubstitute(ReadOnlySpan<double> upper, int columns, ReadOnlySpan<double> rightSides, Span<double> solutions)
    {
        for (var lane = 0; lane < Width; lane += TLanes.Count)
        {
            for (var i = columns - 1; i >= 0; i--)
            {
                var x = At(rightSides, i, lane);
                for (var j = i + 1; j < columns; j++)
                    x -= TLanes.Broadcast(upper[(i * columns) + j]) * At(solutions, j, lane);
                Put(x / TLanes.Broadcast(upper[(i * columns) + i]), solutions, i, lane);
            }
        }
    }

    /// <inheritdoc/>
    public override void SolveOnObservedRows(
        ReadOnlySpan<double> upper,
        int columns,
        Span<double> gram,
        Span<double> projections,
        Span<double> solutions,
        Span<double> variances,
        Span<double> pivots,
        Span<double> tolerances
    )
    {
        for (var lane = 0; lane < Width; lane += TLanes.Count)
        {
            Put(FactorObservedRows(columns, gram, lane), pivots, 0, lane);
            for (var i = 0; i < columns; i++)
            {
                var u = At(projections, i, lane);
                for (var j = 0; j < i; j++)
                    u -= At(gram, Packed(i, j), lane) * At(projections, j, lane);
                Put(u / At(gram, Packed(i, i), lane), projections, i, lane);
            }
            for (var i = columns - 1; i >= 0; i--)
            {
                var a = At(projections, i, lane);
                for (var j = i + 1; j < columns; j++)
                    a -= At(gram, Packed(j, i), lane) * At(solutions, j, lane);
                Put(a / At(gram, Packed(i, i), lane), solutions, i, lane);
            }
            Put(SmallestTolerance(upper, columns, gram, lane), tolerances, 0, lane);
            InvertDiagonal(upper, columns, gram, variances, lane);
        }
    }

    private static void SumMissingGram<T>(
        ReadOnlySpan<T> values,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<double> basis,
        int columns,
        Span<double> gram,
        Span<double> missing
    )
        where T : unmanaged
    {
        for (var lane = 0; lane < Width; lane += TLanes.Count)
        {
            ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), lane);
            ref var q = ref MemoryMarshal.GetReference(basis);
            TLanes count = default;
            foreach (var start in rowStarts)
            {
                var finite = TLanes.Finite(Load(ref first, start));

                // A row that no lane misses adds +0 to sums that are never -0: skipping it changes no bit.
                if (!TLanes.All(finite))
                {
                    count += TLanes.Drop(finite, TLanes.Broadcast(1));
                    ref var sum = ref Unsafe.Add(ref MemoryMarshal.GetReference(gram), lane);
                    for (var i = 0; i < columns; i++)
                    {
                        var qi = TLanes.Drop(finite, TLanes.Broadcast(Unsafe.Add(ref q, i)));
                        for (var j = 0; j <= i; j++)
                        {
                            TLanes.Store(TLanes.Load(ref sum) + (qi * TLanes.Broadcast(Unsafe.Add(ref q, j))), ref sum);
                            sum = ref Unsafe.Add(ref sum, Width);
                        }
                    }
                }
                q = ref Unsafe.Add(ref q, columns);
            }
            TLanes.Store(count, ref missing[lane]);
        }
    }

    /// <summary>Replaces the missing Gram D by the Cholesky factor of I - D; returns the smallest squared pivot.</summary>
    private static TLanes FactorObservedRows(int columns, Span<double> gram, int lane)
    {
        var smallest = TLanes.Broadcast(1);
        for (var j = 0; j < columns; j++)
        {
            var pivot = TLanes.Broadcast(1) - At(gram, Packed(j, j), lane);
            for (var k = 0; k < j; k++)
                pivot -= At(gram, Packed(j, k), lane) * At(gram, Packed(j, k), lane);
            smallest = TLanes.Min(smallest, pivot);
            var diagonal = TLanes.Sqrt(pivot);
            Put(diagonal, gram, Packed(j, j), lane);
            for (var i = j + 1; i < columns; i++)
            {
                var sum = default(TLanes) - At(gram, Packed(i, j), lane);
                for (var k = 0; k < j; k++)
                    sum -= At(gram, Packed(i, k), lane) * At(gram, Packed(j, k), lane);
                Put(sum / diagonal, gram, Packed(i, j), lane);
            }
        }
        return smallest;
    }

    /// <summary>
    /// Column c of X is Q R(:, c). On the observed rows its norm is that of L' R(:, c), and the norm of its part outside the columns before
    /// it is L(c, c) R(c, c).
    /// </summary>
    private static TLanes SmallestTolerance(ReadOnlySpan<double> upper, int columns, ReadOnlySpan<double> factor, int lane)
    {
        var smallest = TLanes.Broadcast(1);
        for (var c = 0; c < columns; c++)
        {
            TLanes norm2 = default,
                own2 = default;
            for (var i = 0; i <= c; i++)
            {
                TLanes entry = default;
                for (var k = i; k <= c; k++)
                    entry += At(factor, Packed(k, i), lane) * TLanes.Broadcast(upper[(k * columns) + c]);
                own2 = entry * entry;
                norm2 += own2;
            }
            smallest = TLanes.Min(smallest, TLanes.Sqrt(own2 / norm2));
        }
        return smallest;
    }

    /// <summary>
    /// The diagonal of (U'U)⁻¹ for U = L'R: the squared row norms of U⁻¹. <paramref name="variances"/> receives them, a column of U⁻¹ at a
    /// time, each solved for in place from R x = L⁻ᵀ e.
    /// </summary>
    private static void InvertDiagonal(
        ReadOnlySpan<double> upper,
        int columns,
        ReadOnlySpan<double> factor,
        Span<double> variances,
        int lane
    )
    {
        Span<double> column = stackalloc double[columns * TLanes.Count];
        for (var c = 0; c < columns; c++)
            Put(default, variances, c, lane);
        for (var c = 0; c < columns; c++)
        {
            // L' x = e(c): x is zero below c.
            for (var i = c; i >= 0; i--)
            {
                var x = i == c ? TLanes.Broadcast(1) : default;
                for (var k = i + 1; k <= c; k++)
                    x -= At(factor, Packed(k, i), lane) * TLanes.Load(ref column[k * TLanes.Count]);
                TLanes.Store(x / At(factor, Packed(i, i), lane), ref column[i * TLanes.Count]);
            }
            for (var i = c; i >= 0; i--)
            {
                var x = TLanes.Load(ref column[i * TLanes.Count]);
                for (var k = i + 1; k <= c; k++)
                    x -= TLanes.Broadcast(upper[(i * columns) + k]) * TLanes.Load(ref column[k * TLanes.Count]);
                x /= TLanes.Broadcast(upper[(i * columns) + i]);
                TLanes.Store(x, ref column[i * TLanes.Count]);
                Put(At(variances, i, lane) + (x * x), variances, i, lane);
            }
        }
    }

    private static int Packed(int row, int column) => (row * (row + 1) / 2) + column;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes At(ReadOnlySpan<double> values, int row, int lane) => TLanes.Load(in values[(row * Width) + lane]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TLanes value, Span<double> values, int row, int lane) => TLanes.Store(value, ref values[(row * Width) + lane]);
}
