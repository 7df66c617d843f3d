using HpcFit.Shared.Partials;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// Reads several columns of slices. Columns of a frame lie one behind the other, so that one read gets all of them for all of the frame's
/// elements; tiles that follow each other find them here.
/// </summary>
/// <param name="partials">Reads the partials; the caller's.</param>
internal sealed class BlockColumns(PartialColumns partials)
{
    /// <summary>From this many elements on, a read a column is as good as one of all of them.</summary>
    private const int LongRun = 512;

    private (PartialBlock Block, int First, int Columns) _held;
    private double[] _values = [];

    /// <summary>Reads columns of a slice.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="firstColumn">The first partial column.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="destination">Value of column c and the slice's element e at <c>c * stride + e</c>.</param>
    /// <param name="stride">Values from one column to the next.</param>
    public void Read(CoveredSlice slice, int firstColumn, int columns, Span<double> destination, int stride)
    {
        var (count, inFrame) = ((int)slice.Elements.Count, (int)slice.Block.Elements.Count);
        if (columns == 1 || count >= LongRun)
        {
            for (var column = 0; column < columns; column++)
                partials.ReadColumn(slice, firstColumn + column, destination.Slice(column * stride, count));
            return;
        }

        Hold(slice.Block, firstColumn, columns);
        var skip = (int)(slice.Elements.First - slice.Block.Elements.First);
        for (var column = 0; column < columns; column++)
            _values.AsSpan((column * inFrame) + skip, count).CopyTo(destination[(column * stride)..]);
    }

    private void Hold(PartialBlock block, int firstColumn, int columns)
    {
        if (_held == (block, firstColumn, columns))
            return;
        var length = checked((int)(columns * block.Elements.Count));
        if (_values.Length < length)
            _values = GC.AllocateUninitializedArray<double>(length);
        partials.ReadColumns(block, firstColumn, _values.AsSpan(0, length));
        _held = (block, firstColumn, columns);
    }
}
