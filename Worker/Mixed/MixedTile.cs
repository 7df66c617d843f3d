using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed;

/// <summary>
/// Sums and fits of a tile of elements: values of lane l at <c>[index * TileKernel.Width + l]</c>. A reused workspace of one thread.
/// </summary>
/// <param name="design">The rows.</param>
internal sealed class MixedTile(SharedGroups design)
{
    private const int Width = TileKernel.Width;

    /// <summary>
    /// Σ s s(r) of each class in the search and column, classes × <see cref="SharedGroups.PaddedColumns"/>: of the response until the
    /// lanes' residuals replace it.
    /// </summary>
    public double[] CrossSums { get; } = new double[design.Classes * design.PaddedColumns * Width];

    /// <summary>Σ s(r)² of each class.</summary>
    public double[] SquareSums { get; } = new double[design.Classes * Width];

    /// <summary>Σ s s(y) of the classes of the design's tables, where nodes stand for them.</summary>
    public double[] CrossSumsOfClasses { get; } =
        design.Nodes is null ? [] : new double[design.Tables.Classes * design.PaddedColumns * Width];

    /// <summary>Σ s(y)² of the same.</summary>
    public double[] SquareSumsOfClasses { get; } = design.Nodes is null ? [] : new double[design.Tables.Classes * Width];

    /// <summary>Σ w d of each column.</summary>
    public double[] WithinProjections { get; } = new double[design.PaddedColumns * Width];

    /// <summary>The sum of squares within groups.</summary>
    public double[] WithinSquares { get; } = new double[Width];

    /// <summary>What was subtracted from the response.</summary>
    public double[] Shift { get; } = new double[Width];

    /// <summary>A mask of the lanes that were fitted.</summary>
    public double[] IsFitted { get; } = new double[Width];

    /// <summary>Coordinates of the fixed effects on Q.</summary>
    public double[] Coordinates { get; } = new double[design.Tables.Rank * Width];

    /// <summary>t at the minimum.</summary>
    public double[] Ratio { get; } = new double[Width];

    /// <summary>The criterion at the minimum.</summary>
    public double[] Criterion { get; } = new double[Width];

    /// <summary>The generalised residual sum of squares.</summary>
    public double[] Squares { get; } = new double[Width];

    /// <summary>The residual sum of squares without variance between groups.</summary>
    public double[] OrdinarySquares { get; } = new double[Width];

    /// <summary>The first derivative in t of the log determinants, plus that of the squares over the residual variance.</summary>
    public double[] Slope { get; } = new double[Width];

    /// <summary>The second derivative of the same.</summary>
    public double[] Curvature { get; } = new double[Width];

    /// <summary>dSquares/dt.</summary>
    public double[] SquaresSlope { get; } = new double[Width];

    /// <summary>The lower triangle of (Q'V⁻¹Q)⁻¹, by rows.</summary>
    public double[] Inverse { get; } = new double[design.PackedWithin.Length * Width];

    /// <summary>The lower triangle of -d(Q'V⁻¹Q)/dt, by rows.</summary>
    public double[] Decline { get; } = new double[design.PackedWithin.Length * Width];
}
