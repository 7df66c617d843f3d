using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed.Tiles;

/// <summary>
/// Sums of a tile of responses over the groups of a design, in one pass over the rows: elements are lanes, rows are added in the order of
/// the design, each product fused with its sum. The same bits at every register width.
/// </summary>
internal abstract class GroupSums(SharedGroups design)
{
    /// <summary>The rows.</summary>
    protected SharedGroups Design { get; } = design;

    /// <summary>Sums the responses; lanes with a missing subject get sums that are not finite.</summary>
    /// <param name="responses">The responses, scaled by the roots of weights.</param>
    /// <param name="lanes">The number of lanes with an element.</param>
    /// <param name="tile">Receives the sums.</param>
    public abstract void Sum(in ElementTile responses, int lanes, MixedTile tile);
}

/// <summary>The sums at one register width.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class GroupSums<TLanes>(SharedGroups design) : GroupSums(design)
    where TLanes : struct, ILanes<TLanes>
{
    private const int Width = TileKernel.Width;

    private readonly GroupedDesign _tables = design.Tables;

    /// <inheritdoc/>
    public override void Sum(in ElementTile responses, int lanes, MixedTile tile)
    {
        if (responses.Doubles.IsEmpty)
            Sum(responses.Singles, responses, lanes, tile);
        else
            Sum(responses.Doubles, responses, lanes, tile);
    }

    private void Sum<T>(ReadOnlySpan<T> values, in ElementTile responses, int lanes, MixedTile tile)
        where T : unmanaged
    {
        var prefetch = responses.Prefetch.Start(2 * responses.Number, Design.Within);
        var second = responses.Prefetch.Start((2 * responses.Number) + 1, Design.Within);
        for (var lane = 0; lane < lanes; lane += TLanes.Count)
        {
            ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), lane);
            for (var column = 0; column < Design.PaddedColumns; column += SharedGroups.ColumnsAtOnce)
            {
                if (Design.RootWeights is null)
                    SumColumns<T, Unweighted>(ref first, responses.RowStarts, column, tile, lane, prefetch);
                else
                    SumColumns<T, Weighted>(ref first, responses.RowStarts, column, tile, lane, prefetch);
                prefetch = second;
                second = PrefetchHint.Cursor.Idle(Design.Within);
            }
        }
    }

    /// <summary>
    /// Four columns' sums, and those of squares. The deviations are from the first row of each group, so that neither the response's level
    /// nor that of the group cancels. One loop, so that the sums of a class remain in registers.
    /// </summary>
    private void SumColumns<T, TRows>(
        ref T values,
        ReadOnlySpan<int> rowStarts,
        int column,
        MixedTile tile,
        int lane,
        PrefetchHint.Cursor prefetch
    )
        where T : unmanaged
        where TRows : struct, IRowKind
    {
        TLanes a = default,
            b = default,
            c = default,
            d = default,
            within = default,
            shift = default;
        if (Design.CanShift)
        {
            shift = Load(ref Unsafe.Add(ref values, rowStarts[0]));
            if (typeof(TRows) == typeof(Weighted))
                shift /= TLanes.Broadcast(Design.RootWeights![0]);
        }
        TLanes.Store(shift, ref tile.Shift[lane]);
        ref var basis = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Design.Within), column);
        ref var sums = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Design.GroupSums), column);
        var (squares, crosses) = Design.Nodes is null
            ? (tile.SquareSums, tile.CrossSums)
            : (tile.SquareSumsOfClasses, tile.CrossSumsOfClasses);
        var (row, group, columns) = (0, 0, Design.PaddedColumns);
        for (var k = 0; k < _tables.Classes; k++)
        {
            var (mass, inverseMass) = (TLanes.Broadcast(_tables.Mass[k]), TLanes.Broadcast(Design.InverseMassOfClass[k]));
            TLanes e = default,
                f = default,
                g = default,
                h = default,
                between = default;
            for (; group < Design.ClassEnd[k]; group++)
            {
                PrefetchHint.Cursor.Next(ref prefetch);
                var end = Design.GroupEnd[group];
                var centre = Load(ref Unsafe.Add(ref values, rowStarts[row]));
                if (typeof(TRows) == typeof(Weighted))
                    centre /= TLanes.Broadcast(Design.RootWeights![row]);
                TLanes sum = default;
                for (row++; row < end; row++)
                {
                    PrefetchHint.Cursor.Next(ref prefetch);
                    var deviation = Load(ref Unsafe.Add(ref values, rowStarts[row]));
                    if (typeof(TRows) == typeof(Weighted))
                    {
                        var root = TLanes.Broadcast(Design.RootWeights![row]);
                        deviation = TLanes.SubtractProduct(deviation, root, centre);
                        sum = TLanes.AddProduct(sum, deviation, root);
                    }
                    else
                    {
                        deviation -= centre;
                        sum += deviation;
                    }
                    within = TLanes.AddProduct(within, deviation, deviation);
                    ref var q = ref Unsafe.Add(ref basis, row * columns);
                    a = TLanes.AddProduct(a, deviation, TLanes.Broadcast(q));
                    b = TLanes.AddProduct(b, deviation, TLanes.Broadcast(Unsafe.Add(ref q, 1)));
                    c = TLanes.AddProduct(c, deviation, TLanes.Broadcast(Unsafe.Add(ref q, 2)));
                    d = TLanes.AddProduct(d, deviation, TLanes.Broadcast(Unsafe.Add(ref q, 3)));
                }
                within = TLanes.SubtractProduct(within, sum * sum, inverseMass);
                sum = TLanes.AddProduct(sum, mass, centre - shift);
                between = TLanes.AddProduct(between, sum, sum);
                ref var s = ref Unsafe.Add(ref sums, group * columns);
                e = TLanes.AddProduct(e, sum, TLanes.Broadcast(s));
                f = TLanes.AddProduct(f, sum, TLanes.Broadcast(Unsafe.Add(ref s, 1)));
                g = TLanes.AddProduct(g, sum, TLanes.Broadcast(Unsafe.Add(ref s, 2)));
                h = TLanes.AddProduct(h, sum, TLanes.Broadcast(Unsafe.Add(ref s, 3)));
            }
            TLanes.Store(between, ref squares[(k * Width) + lane]);
            ref var cross = ref crosses[(((k * columns) + column) * Width) + lane];
            TLanes.Store(e, ref cross);
            TLanes.Store(f, ref Unsafe.Add(ref cross, Width));
            TLanes.Store(g, ref Unsafe.Add(ref cross, 2 * Width));
            TLanes.Store(h, ref Unsafe.Add(ref cross, 3 * Width));
        }
        TLanes.Store(within, ref tile.WithinSquares[lane]);
        ref var target = ref tile.WithinProjections[(column * Width) + lane];
        TLanes.Store(a, ref target);
        TLanes.Store(b, ref Unsafe.Add(ref target, Width));
        TLanes.Store(c, ref Unsafe.Add(ref target, 2 * Width));
        TLanes.Store(d, ref Unsafe.Add(ref target, 3 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Load<T>(ref T value)
        where T : unmanaged =>
        typeof(T) == typeof(float) ? TLanes.Widen(ref Unsafe.As<T, float>(ref value)) : TLanes.Load(ref Unsafe.As<T, double>(ref value));

    /// <summary>Whether rows have weights: a type, so that the loop is compiled for either case.</summary>
    private interface IRowKind;

    private readonly struct Weighted : IRowKind;

    private readonly struct Unweighted : IRowKind;
}
