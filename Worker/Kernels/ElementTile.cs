using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Kernels;

/// <summary>
/// Values of <see cref="TileKernel.Width"/> consecutive elements for some subjects: value of row i at lane l is
/// <c>values[RowStarts[i] + l]</c>. Exactly one of <see cref="Singles"/> and <see cref="Doubles"/> is not empty. Views memory it does not
/// own.
/// </summary>
internal readonly ref struct ElementTile
{
    private ElementTile(ReadOnlySpan<float> singles, ReadOnlySpan<double> doubles, ReadOnlySpan<int> rowStarts)
    {
        Singles = singles;
        Doubles = doubles;
        RowStarts = rowStarts;
    }

    /// <summary>A tile of float32 values.</summary>
    public ElementTile(ReadOnlySpan<float> values, ReadOnlySpan<int> rowStarts)
        : this(values, default, rowStarts) { }

    /// <summary>A tile of float64 values.</summary>
    public ElementTile(ReadOnlySpan<double> values, ReadOnlySpan<int> rowStarts)
        : this(default, values, rowStarts) { }

    /// <summary>float32 values from the tile's first element on, or empty.</summary>
    public ReadOnlySpan<float> Singles { get; }

    /// <summary>float64 values from the tile's first element on, or empty.</summary>
    public ReadOnlySpan<double> Doubles { get; }

    /// <summary>Where each subject's <see cref="TileKernel.Width"/> values begin; all of them lie inside the span.</summary>
    public ReadOnlySpan<int> RowStarts { get; }

    /// <summary>
    /// What <see cref="TileKernel"/> prefetches in its loops over all rows, two lines per row.
    /// </summary>
    public PrefetchHint Prefetch { get; init; }

    /// <summary>The tile's place among those that share <see cref="Prefetch"/>: each prefetches lines of its own.</summary>
    public int Number { get; init; }

    /// <summary>How many subjects.</summary>
    public int Rows => RowStarts.Length;
}
