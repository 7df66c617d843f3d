using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The division of a row of elements into blocks of columns.</summary>
/// <param name="Elements">Elements per row.</param>
/// <param name="BlockElements">Elements per block; the last block may have fewer.</param>
/// <param name="ValueSize">4 (float32) or 8 (float64) bytes per value.</param>
internal sealed record BlockLayout(int Elements, int BlockElements, int ValueSize)
{
    /// <summary>Bytes per row.</summary>
    public long RowBytes => (long)Elements * ValueSize;

    /// <summary>The type's name.</summary>
    public string TypeName => ValueSize == sizeof(float) ? "float32" : "float64";

    /// <summary>The integer up to which the type represents every integer exactly.</summary>
    public long LargestInteger => 1L << (ValueSize == sizeof(float) ? 24 : 53);

    /// <summary>The number of blocks.</summary>
    public int Count => (Elements + BlockElements - 1) / BlockElements;

    /// <summary>The number of elements of a block.</summary>
    public int Width(int block) => Math.Min(BlockElements, Elements - (block * BlockElements));

    /// <summary>Copies a row into a batch of rows that is stored block by block.</summary>
    /// <param name="row">The values.</param>
    /// <param name="number">The row's number in the batch.</param>
    /// <param name="rows">The number of rows in the batch.</param>
    /// <param name="batch">The batch's values, float32 or float64 according to <see cref="ValueSize"/>.</param>
    /// <exception cref="BadInputException">A value is beyond the range of float32 and would become infinite.</exception>
    public void Place(ReadOnlySpan<double> row, int number, int rows, Span<byte> batch)
    {
        for (var block = 0; block < Count; block++)
        {
            var (first, width) = (block * BlockElements, Width(block));
            var at = checked((int)((((long)first * rows) + ((long)number * width)) * ValueSize));
            Store(row.Slice(first, width), batch.Slice(at, width * ValueSize));
        }
    }

    private void Store(ReadOnlySpan<double> values, Span<byte> stored)
    {
        if (ValueSize == sizeof(double))
        {
            MemoryMarshal.AsBytes(values).CopyTo(stored);
            return;
        }
        if (Singles.Convert(values, MemoryMarshal.Cast<byte, float>(stored)) is { } beyond)
            throw new BadInputException(
                $"A value is {beyond:G6}, which is beyond the range of float32 and would become infinite. Use --dtype float64."
            );
    }
}
