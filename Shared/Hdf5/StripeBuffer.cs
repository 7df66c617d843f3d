using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// The values of one stripe, subjects × elements, and the ways in which stored bytes get there. One a thread. Grows to the largest stripe
/// asked for, then allocates nothing.
/// </summary>
internal sealed class StripeBuffer(StoredType type, bool isTransposed, int subjects)
{
    /// <summary>Rows of a transposed file that are turned together: their columns then fill whole cache lines.</summary>
    public const int RowsTurnedTogether = 16;

    private float[] singles = [];
    private double[] doubles = [];
    private byte[] raw = [];
    private byte[] turned = [];
    private int stride;

    /// <summary>Makes room for stripes of <paramref name="elements"/> elements.</summary>
    public void Start(int elements)
    {
        stride = elements;
        var values = checked(subjects * elements);
        if (type.IsSingle && singles.Length < values) singles = GC.AllocateUninitializedArray<float>(values);
        if (!type.IsSingle && doubles.Length < values) doubles = GC.AllocateUninitializedArray<double>(values);
    }

    /// <summary>The values, as handed out.</summary>
    public StripeValues Values(long firstElement) => type.IsSingle
        ? new(firstElement, stride, singles.AsMemory(0, subjects * stride), default, stride)
        : new(firstElement, stride, default, doubles.AsMemory(0, subjects * stride), stride);

    /// <summary>
    /// Places a rectangle of a decoded chunk (or of plain rows).
    /// </summary>
    /// <param name="block">Where the values come from.</param>
    /// <param name="row">The first disk row of the rectangle inside the block.</param>
    /// <param name="rows">How many disk rows.</param>
    /// <param name="column">The first disk column inside the block.</param>
    /// <param name="columns">How many disk columns.</param>
    /// <param name="subject">The subject at which the rectangle begins.</param>
    /// <param name="element">The element at which it begins, counted from the stripe's first.</param>
    public void Place(in StoredBlock block, int row, int rows, int column, int columns, int subject, int element)
    {
        if (isTransposed)
        {
            for (var first = 0; first < rows; first += RowsTurnedTogether)
                PlaceTurned(block, row + first, Math.Min(RowsTurnedTogether, rows - first), column, columns, subject, element + first);
            return;
        }
        // Whole rows that lie side by side at both ends are one long run.
        if (columns == stride && columns == block.Width) (columns, rows) = (columns * rows, Math.Min(rows, 1));
        for (var i = 0; i < rows; i++)
        {
            var at = ((subject + i) * stride) + element;
            if (type.IsSingle) Restore(block, row + i, column, singles.AsSpan(at, columns));
            else Restore(block, row + i, column, doubles.AsSpan(at, columns));
        }
    }

    /// <summary>Fills a rectangle with the dataset's fill value.</summary>
    public void Fill(double value, int subject, int subjectCount, int element, int elementCount)
    {
        for (var i = subject; i < subject + subjectCount; i++)
        {
            if (type.IsSingle) singles.AsSpan((i * stride) + element, elementCount).Fill((float)value);
            else doubles.AsSpan((i * stride) + element, elementCount).Fill(value);
        }
    }

    private void PlaceTurned(in StoredBlock block, int row, int rows, int column, int columns, int subject, int element)
    {
        var bytes = checked(RowsTurnedTogether * columns * type.MemorySize);
        if (turned.Length < bytes) turned = GC.AllocateUninitializedArray<byte>(bytes);
        if (type.IsSingle) Turn(block, row, rows, column, columns, MemoryMarshal.Cast<byte, float>(turned.AsSpan()), singles.AsSpan((subject * stride) + element));
        else Turn(block, row, rows, column, columns, MemoryMarshal.Cast<byte, double>(turned.AsSpan()), doubles.AsSpan((subject * stride) + element));
    }

    private void Turn<T>(in StoredBlock block, int row, int rows, int column, int columns, Span<T> tile, Span<T> target)
        where T : unmanaged
    {
        for (var i = 0; i < rows; i++) Restore(block, row + i, column, tile.Slice(i * columns, columns));
        for (var s = 0; s < columns; s++)
        {
            var line = target.Slice(s * stride, rows);
            for (var i = 0; i < line.Length; i++) line[i] = tile[(i * columns) + s];
        }
    }

    /// <summary>Brings a run of one disk row to memory: unshuffled, in the machine's byte order, as float32 or float64.</summary>
    private void Restore<T>(in StoredBlock block, int row, int column, Span<T> values)
        where T : unmanaged
    {
        var start = ((long)row * block.Width) + column;
        if (StoredValues.AreInPlace(type))
        {
            block.CopyRun(start, type.Size, MemoryMarshal.AsBytes(values));
            return;
        }
        var bytes = values.Length * type.Size;
        if (raw.Length < bytes) raw = GC.AllocateUninitializedArray<byte>(bytes);
        block.CopyRun(start, type.Size, raw.AsSpan(0, bytes));
        if (type.IsSingle) StoredValues.ToSingles(raw.AsSpan(0, bytes), type, MemoryMarshal.Cast<T, float>(values));
        else StoredValues.ToDoubles(raw.AsSpan(0, bytes), type, MemoryMarshal.Cast<T, double>(values));
    }
}

/// <summary>Decoded bytes of a rectangle of the disk matrix.</summary>
/// <param name="Bytes">Row-major values, or their byte planes when shuffled.</param>
/// <param name="Width">Values in a disk row of it.</param>
/// <param name="Values">How many values it holds: bytes from one plane to the next.</param>
/// <param name="IsShuffled">Whether HDF5's shuffle is still to be undone.</param>
internal readonly record struct StoredBlock(ReadOnlyMemory<byte> Bytes, long Width, long Values, bool IsShuffled)
{
    /// <summary>Copies the stored bytes of consecutive values.</summary>
    public void CopyRun(long start, int size, Span<byte> destination)
    {
        if (IsShuffled && size > 1) Unshuffle.Run(Bytes.Span, Values, start, destination.Length / size, size, destination);
        else Bytes.Span.Slice(checked((int)(start * size)), destination.Length).CopyTo(destination);
    }
}
