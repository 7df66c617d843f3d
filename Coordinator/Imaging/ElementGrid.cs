namespace HpcFit.Coordinator.Imaging;

/// <summary>
/// Which cells of an image are elements. Cells are numbered with the last axis fastest, as numpy.ravel does, so that ascending numbers are
/// the order of numpy.nonzero.
/// </summary>
/// <param name="shape">Cells along each axis.</param>
/// <param name="cells">The cell of each element; null: every cell is one.</param>
internal sealed class ElementGrid(IReadOnlyList<int> shape, int[]? cells)
{
    /// <summary>Cells along each axis.</summary>
    public IReadOnlyList<int> Shape { get; } = shape;

    /// <summary>The cell of each element; null: every cell is one.</summary>
    public int[]? Cells { get; } = cells;

    /// <summary>How many elements there are.</summary>
    public int Count { get; } = cells?.Length ?? shape.Aggregate(1, (product, extent) => checked(product * extent));
}
