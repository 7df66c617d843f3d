using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Tiles;

/// <summary>
/// Sums and fits of a tile of elements: values of lane l at <c>[index * TileKernel.Width + l]</c>. A reused workspace of one thread, for
/// one design after the other.
/// </summary>
internal sealed class MixedTile
{
    private const int Width = TileKernel.Width;

    /// <summary>
    /// Σ s s(r) of each class in the search and column, classes × <see cref="SharedGroups.PaddedColumns"/>: of the response until the
    /// lanes' residuals replace it.
    /// </summary>
    public double[] CrossSums { get; private set; } = [];

    /// <summary>Σ s(r)² of each class.</summary>
    public double[] SquareSums { get; private set; } = [];

    /// <summary>Σ s s(y) of the classes of the design's tables, where nodes stand for them.</summary>
    public double[] CrossSumsOfClasses { get; private set; } = [];

    /// <summary>Σ s(y)² of the same.</summary>
    public double[] SquareSumsOfClasses { get; private set; } = [];

    /// <summary>Σ w d of each column.</summary>
    public double[] WithinProjections { get; private set; } = [];

    /// <summary>The sum of squares within groups.</summary>
    public double[] WithinSquares { get; } = new double[Width];

    /// <summary>What was subtracted from the response.</summary>
    public double[] Shift { get; } = new double[Width];

    /// <summary>A mask of the lanes that were fitted.</summary>
    public double[] IsFitted { get; } = new double[Width];

    /// <summary>Coordinates of the fixed effects on Q.</summary>
    public double[] Coordinates { get; private set; } = [];

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
    public double[] Inverse { get; private set; } = [];

    /// <summary>The lower triangle of -d(Q'V⁻¹Q)/dt, by rows.</summary>
    public double[] Decline { get; private set; } = [];

    /// <summary>Makes room for a design.</summary>
    public void Reserve(SharedGroups design)
    {
        var (known, columns, rank) = (design.Nodes is null ? 0 : design.Tables.Classes, design.PaddedColumns, design.Tables.Rank);
        CrossSums = Grow(CrossSums, design.Classes * columns);
        SquareSums = Grow(SquareSums, design.Classes);
        CrossSumsOfClasses = Grow(CrossSumsOfClasses, known * columns);
        SquareSumsOfClasses = Grow(SquareSumsOfClasses, known);
        WithinProjections = Grow(WithinProjections, columns);
        Coordinates = Grow(Coordinates, rank);
        (Inverse, Decline) = (Grow(Inverse, design.PackedWithin.Length), Grow(Decline, design.PackedWithin.Length));

        static double[] Grow(double[] values, int length) => values.Length < length * Width ? new double[length * Width] : values;
    }
}
