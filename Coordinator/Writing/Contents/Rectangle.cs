namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>Copies rectangles of values between packed arrays of any rank, one innermost run at a time.</summary>
internal static class Rectangle
{
    /// <summary>Copies <paramref name="region"/> from a whole array of <paramref name="shape"/>.</summary>
    public static void Cut(ReadOnlySpan<byte> whole, IReadOnlyList<long> shape, int size, Region region, Span<byte> destination)
    {
        var run = checked((int)region.Extent[^1] * size);
        for (long row = 0, rows = RowCount(region.Extent); row < rows; row++)
            whole
                .Slice(checked((int)(RowStart(row, region.Extent, region.Origin, shape) * size)), run)
                .CopyTo(destination.Slice(checked((int)(row * run)), run));
    }

    /// <summary>
    /// Copies packed values of <paramref name="extent"/> to the origin of a larger array of <paramref name="shape"/>; the other values are
    /// unchanged.
    /// </summary>
    public static void Place(ReadOnlySpan<byte> values, long[] extent, int size, IReadOnlyList<long> shape, Span<byte> whole)
    {
        var origin = new long[extent.Length];
        var run = checked((int)extent[^1] * size);
        for (long row = 0, rows = RowCount(extent); row < rows; row++)
            values
                .Slice(checked((int)(row * run)), run)
                .CopyTo(whole.Slice(checked((int)(RowStart(row, extent, origin, shape) * size)), run));
    }

    private static long RowCount(long[] extent)
    {
        var rows = 1L;
        for (var axis = 0; axis < extent.Length - 1; axis++)
            rows = checked(rows * extent[axis]);
        return rows;
    }

    /// <summary>The position in the whole array, in values, at which an innermost run of the rectangle starts.</summary>
    private static long RowStart(long row, long[] extent, long[] origin, IReadOnlyList<long> shape)
    {
        long start = origin[^1],
            stride = shape[^1];
        for (var axis = extent.Length - 2; axis >= 0; axis--)
        {
            start += (origin[axis] + (row % extent[axis])) * stride;
            row /= extent[axis];
            stride *= shape[axis];
        }
        return start;
    }
}
