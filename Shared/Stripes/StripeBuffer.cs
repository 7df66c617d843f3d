using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// The values of one stripe, subjects × elements, and the conversions of stored bytes into them. One per thread. Grows to the largest
/// stripe requested, then allocates nothing.
/// </summary>
internal sealed class StripeBuffer(StoredType type, bool isTransposed, int subjects, MissingCodes missing)
{
    /// <summary>Rows of a transposed file that are transposed together: their columns then fill whole cache lines.</summary>
    public const int RowsPerTransposition = 16;

    private const int CacheLine = 64;

    /// <summary>Values that may be read after the last row's last element: vector code loads whole registers at a row's end too.</summary>
    private const int Spare = 64;

    private readonly AlignedArray<float> _singles = new();
    private readonly AlignedArray<double> _doubles = new();
    private byte[] _raw = [];
    private byte[] _transposed = [];
    private long _first;
    private int _stride;

    /// <summary>Begins a range of elements, of which nothing is filled yet.</summary>
    public void Start(ElementRange elements)
    {
        // Rows begin at cache lines, an odd number of lines apart: consecutive rows then fall into different sets of the cache.
        var valuesInLine = CacheLine / type.MemorySize;
        var lines = checked((int)((elements.Count + valuesInLine - 1) / valuesInLine)) | 1;
        // The stride never shrinks: users who keep the rows' offsets would have to compute them again at the end of every stripe.
        (_first, _stride) = (elements.First, Math.Max(_stride, lines * valuesInLine));
        var values = checked((subjects * _stride) + Spare);
        if (type.IsSingle)
            _singles.Reserve(values);
        else
            _doubles.Reserve(values);
    }

    /// <summary>The values of some of the elements.</summary>
    public ScalarValues Values(ElementRange part)
    {
        var (skip, count) = ((int)(part.First - _first), (int)part.Count);
        var length = (subjects * _stride) + Spare - skip;
        return type.IsSingle
            ? new(part.First, count, _singles.Memory.Slice(skip, length), default, _stride)
            : new(part.First, count, default, _doubles.Memory.Slice(skip, length), _stride);
    }

    /// <summary>
    /// Places a rectangle of a decoded chunk (or of plain rows).
    /// </summary>
    /// <param name="block">The stored values.</param>
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
            for (var first = 0; first < rows; first += RowsPerTransposition)
                PlaceTransposed(
                    block,
                    row + first,
                    Math.Min(RowsPerTransposition, rows - first),
                    column,
                    columns,
                    subject,
                    element + first
                );
            return;
        }
        if (block.IsShuffled && StoredValues.AreInPlace(type))
        {
            var at = ((subject * _stride) + element) * type.Size;
            var target = type.IsSingle ? MemoryMarshal.AsBytes(_singles.Span) : MemoryMarshal.AsBytes(_doubles.Span);
            Unshuffle.Rows(
                block.Bytes.Span,
                block.Values,
                (row * block.Width) + column,
                block.Width,
                rows,
                columns,
                type.Size,
                target[at..],
                (long)_stride * type.Size
            );
            return;
        }
        for (var i = 0; i < rows; i++)
        {
            var at = ((subject + i) * _stride) + element;
            if (type.IsSingle)
                Restore(block, row + i, column, _singles.Span.Slice(at, columns));
            else
                Restore(block, row + i, column, _doubles.Span.Slice(at, columns));
        }
    }

    /// <summary>Fills a rectangle with the dataset's fill value.</summary>
    public void Fill(double value, int subject, int subjectCount, int element, int elementCount)
    {
        for (var i = subject; i < subject + subjectCount; i++)
        {
            if (type.IsSingle)
                _singles.Span.Slice((i * _stride) + element, elementCount).Fill((float)value);
            else
                _doubles.Span.Slice((i * _stride) + element, elementCount).Fill(missing.Values.Contains(value) ? double.NaN : value);
        }
    }

    private void PlaceTransposed(in StoredBlock block, int row, int rows, int column, int columns, int subject, int element)
    {
        var bytes = checked(RowsPerTransposition * columns * type.MemorySize);
        if (_transposed.Length < bytes)
            _transposed = GC.AllocateUninitializedArray<byte>(bytes);
        if (type.IsSingle)
            Transpose(
                block,
                row,
                rows,
                column,
                columns,
                MemoryMarshal.Cast<byte, float>(_transposed.AsSpan()),
                _singles.Span[((subject * _stride) + element)..]
            );
        else
            Transpose(
                block,
                row,
                rows,
                column,
                columns,
                MemoryMarshal.Cast<byte, double>(_transposed.AsSpan()),
                _doubles.Span[((subject * _stride) + element)..]
            );
    }

    private void Transpose<T>(in StoredBlock block, int row, int rows, int column, int columns, Span<T> tile, Span<T> target)
        where T : unmanaged
    {
        for (var i = 0; i < rows; i++)
            Restore(block, row + i, column, tile.Slice(i * columns, columns));
        for (var s = 0; s < columns; s++)
        {
            var line = target.Slice(s * _stride, rows);
            for (var i = 0; i < line.Length; i++)
                line[i] = tile[(i * columns) + s];
        }
    }

    /// <summary>
    /// Converts consecutive values of one disk row: unshuffled, in the machine's byte order, as float32 or float64, NaN where missing.
    /// </summary>
    private void Restore<T>(in StoredBlock block, int row, int column, Span<T> values)
        where T : unmanaged
    {
        Convert(block, row, column, values);
        if (missing.Exist)
            missing.Mark(MemoryMarshal.Cast<T, double>(values));
    }

    private void Convert<T>(in StoredBlock block, int row, int column, Span<T> values)
        where T : unmanaged
    {
        var start = ((long)row * block.Width) + column;
        if (StoredValues.AreInPlace(type))
        {
            block.CopyRun(start, type.Size, MemoryMarshal.AsBytes(values));
            return;
        }
        var bytes = values.Length * type.Size;
        if (_raw.Length < bytes)
            _raw = GC.AllocateUninitializedArray<byte>(bytes);
        block.CopyRun(start, type.Size, _raw.AsSpan(0, bytes));
        if (type.IsSingle)
            StoredValues.ToSingles(_raw.AsSpan(0, bytes), type, MemoryMarshal.Cast<T, float>(values));
        else
            StoredValues.ToDoubles(_raw.AsSpan(0, bytes), type, MemoryMarshal.Cast<T, double>(values));
    }
}

/// <summary>Decoded bytes of a rectangle of the disk matrix.</summary>
/// <param name="Bytes">Row-major values, or their byte planes when shuffled.</param>
/// <param name="Width">Values per disk row.</param>
/// <param name="Values">The number of values: bytes from one plane to the next.</param>
/// <param name="IsShuffled">Whether HDF5's shuffle has not been undone yet.</param>
internal readonly record struct StoredBlock(ReadOnlyMemory<byte> Bytes, long Width, long Values, bool IsShuffled)
{
    /// <summary>Where the bytes of some columns of every row are.</summary>
    public PrefetchHint HintOf(long column, int columns, int size) =>
        IsShuffled
            ? new(Bytes, column, columns, (int)Width, size, Values)
            : new(Bytes, column * size, columns * size, (int)Width * size, 1, 0);

    /// <summary>Copies the stored bytes of consecutive values.</summary>
    public void CopyRun(long start, int size, Span<byte> destination)
    {
        if (IsShuffled && size > 1)
            Unshuffle.Run(Bytes.Span, Values, start, destination.Length / size, size, destination);
        else
            Bytes.Span.Slice(checked((int)(start * size)), destination.Length).CopyTo(destination);
    }
}
