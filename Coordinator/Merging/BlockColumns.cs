using HpcFit.Shared.Partials;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// Reads several columns of slices. The columns of a frame are contiguous, so one read fetches all of them for all elements of the frame;
/// subsequent tiles use this buffer.
/// </summary>
/// <param name="partials">Reads the partials; the caller's.</param>
internal sealed class BlockColumns(PartialColumns partials)
{
    /// <summary>From this number of elements on, one read per column is as fast as one read of all columns.</summary>
    private const int LongRun = 512;

    private (PartialBlock Block, int First, int Columns) _held;
    private double[] _values = [];

    /// <summary>Reads columns of a slice.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="firstColumn">The first partial column.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="destination">Receives the value of column c and the slice's element e at <c>c * stride + e</c>.</param>
    /// <param name="stride">The distance between columns, in values.</param>
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
