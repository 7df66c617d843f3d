using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Kernels;

/// <summary>
/// Tiles of √w (y - offset) of elements that need not be neighbours, on rows that they share: those with one pattern of missing subjects. A
/// workspace of one thread.
/// </summary>
internal sealed class GatheredTile
{
    private const int Width = TileKernel.Width;

    private double[] _values = [];
    private int[] _starts = [];

    /// <summary>Copies a tile, valid until the next call; lanes without an element are 0.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="response">The response of a block.</param>
    /// <param name="subjectRows">The row of each of the model's subjects in it.</param>
    /// <param name="elements">The elements of the lanes, at most <see cref="TileKernel.Width"/>, counted from the block's first.</param>
    public ElementTile Copy(ITileRows rows, in ScalarValues response, int[] subjectRows, ReadOnlySpan<int> elements)
    {
        var count = rows.Rows.Length;
        if (_starts.Length < count)
            Reserve(count);
        if (response.AreSingles)
            Gather(response.Singles.Span, rows, response.Stride, subjectRows, elements);
        else
            Gather(response.Doubles.Span, rows, response.Stride, subjectRows, elements);
        return new(_values, _starts.AsSpan(0, count));
    }

    private void Reserve(int rows)
    {
        (_values, _starts) = (new double[rows * Width], new int[rows]);
        for (var row = 0; row < rows; row++)
            _starts[row] = row * Width;
    }

    private void Gather<T>(ReadOnlySpan<T> values, ITileRows rows, int stride, int[] subjectRows, ReadOnlySpan<int> elements)
        where T : unmanaged
    {
        for (var row = 0; row < rows.Rows.Length; row++)
        {
            var (root, offset) = (rows.RootWeights?[row] ?? 1, rows.Offset?[row] ?? 0);
            var target = _values.AsSpan(row * Width, Width);
            target[elements.Length..].Clear();
            var source = values[(subjectRows[rows.Rows[row]] * stride)..];
            for (var lane = 0; lane < elements.Length; lane++)
                target[lane] = (Widen(source[elements[lane]]) - offset) * root;
        }
    }

    private static double Widen<T>(T value)
        where T : unmanaged => typeof(T) == typeof(float) ? (float)(object)value : (double)(object)value;
}
