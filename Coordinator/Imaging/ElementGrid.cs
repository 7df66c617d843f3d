namespace HpcFit.Coordinator.Imaging;

/// <summary>
/// The cells of an image that are elements. Cells are numbered with the last axis varying fastest, like numpy.ravel, so that ascending
/// numbers have the order of numpy.nonzero.
/// </summary>
/// <param name="shape">Number of cells along each axis.</param>
/// <param name="cells">The cell of each element; null: every cell is an element.</param>
internal sealed class ElementGrid(IReadOnlyList<int> shape, int[]? cells)
{
    /// <summary>Number of cells along each axis.</summary>
    public IReadOnlyList<int> Shape { get; } = shape;

    /// <summary>The cell of each element; null: every cell is an element.</summary>
    public int[]? Cells { get; } = cells;

    /// <summary>The number of elements.</summary>
    public int Count { get; } = cells?.Length ?? shape.Aggregate(1, (product, extent) => checked(product * extent));
}
