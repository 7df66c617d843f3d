using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// How a hypothesis is tested on shuffled data: the columns whose products with the residuals are needed, and the statistic that follows
/// from them. Immutable and shared by threads.
/// </summary>
/// <param name="design">The design.</param>
internal abstract class ShuffleMethod(ShuffledDesign design)
{
    /// <summary>
    /// Below this fraction of the shuffled residuals' squares, the residual sum of squares is a difference of nearly equal numbers and is
    /// computed from the residuals instead.
    /// </summary>
    public const double Cancellation = 1e-6;

    /// <summary>
    /// Of what rounding leaves of residuals that are 0 in exact arithmetic: a statistic without residuals exceeds all that have some, but
    /// is finite, as enhanced maps need it.
    /// </summary>
    private static readonly double Vanishing = Math.ScaleB(1, -80);

    /// <summary>The design.</summary>
    public ShuffledDesign Design => design;

    /// <summary>Whether the statistics are standard normal scores, because their degrees of freedom differ.</summary>
    public virtual bool AreScores => false;

    /// <summary>Columns per shuffle.</summary>
    public abstract int Columns { get; }

    /// <summary>Numbers per shuffle besides its columns.</summary>
    public virtual int CrossLength => 0;

    /// <summary>Computes the columns of a shuffle.</summary>
    /// <param name="source">The shuffle: per row the row of the data, or its complement where the sign changes.</param>
    /// <param name="panels">Receives the columns.</param>
    /// <param name="first">The place of the first column.</param>
    /// <param name="cross">Receives the numbers besides the columns.</param>
    public abstract void Pack(ReadOnlySpan<int> source, in Panels panels, int first, Span<double> cross);

    /// <summary>Computes a hypothesis' statistic for a tile of elements.</summary>
    /// <param name="tile">The residuals.</param>
    /// <param name="shuffle">The shuffle.</param>
    /// <param name="hypothesis">The hypothesis' place in the design.</param>
    /// <param name="workspace">A workspace of <see cref="WorkspaceLength"/>.</param>
    /// <param name="statistics">Receives t or F, or their z; NaN where there is none.</param>
    public abstract void Evaluate(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        Span<double> workspace,
        Span<double> statistics
    );

    /// <summary>The relative error of an element's unpermuted statistic that rounding may make; NaN where it is not tested.</summary>
    /// <param name="tile">The residuals.</param>
    /// <param name="hypothesis">The hypothesis' place in the design.</param>
    /// <param name="lane">The element's lane.</param>
    public virtual double RelativeError(in ResidualTile tile, int hypothesis, int lane) =>
        Design.Rounding.OfResiduals(tile.AllSquares[lane], tile.Squares(hypothesis)[lane], tile.ModelSquares[lane]);

    /// <summary>Bounds how far rounding may move the unpermuted statistics, and those that equal them in exact arithmetic.</summary>
    /// <param name="tile">The residuals.</param>
    /// <param name="hypothesis">The hypothesis' place in the design.</param>
    /// <param name="statistics">The statistics.</param>
    /// <param name="errors">Receives the bounds; NaN where there is no statistic.</param>
    public void BoundErrors(in ResidualTile tile, int hypothesis, ReadOnlySpan<double> statistics, Span<double> errors)
    {
        for (var lane = 0; lane < TileKernel.Width; lane++)
            errors[lane] = Error(hypothesis, statistics[lane], RelativeError(tile, hypothesis, lane));
    }

    /// <summary>The error of a statistic.</summary>
    /// <param name="hypothesis">The hypothesis' place in the design.</param>
    /// <param name="statistic">The statistic.</param>
    /// <param name="relative">What <see cref="RelativeError"/> gave.</param>
    protected virtual double Error(int hypothesis, double statistic, double relative) =>
        Design.Hypotheses[hypothesis].Space is { IsSigned: false } space
            ? StatisticRounding.OfF(statistic, relative, space.Degrees, Design.ResidualDegrees)
            : StatisticRounding.OfT(statistic, relative, Design.ResidualDegrees);

    /// <summary>Values of the workspace of <see cref="Evaluate"/>.</summary>
    public virtual int WorkspaceLength => Design.Rank * TileKernel.Width;

    /// <summary>The residual of a shuffled fit at one row and element.</summary>
    /// <param name="tile">The residuals before the shuffle.</param>
    /// <param name="shuffle">The shuffle.</param>
    /// <param name="hypothesis">The hypothesis' place in the design.</param>
    /// <param name="coordinates">The coordinates of the fit, columns × <see cref="TileKernel.Width"/>.</param>
    /// <param name="row">The row.</param>
    /// <param name="lane">The element's lane.</param>
    protected abstract double Residual(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        ReadOnlySpan<double> coordinates,
        int row,
        int lane
    );

    /// <summary>The squares of a shuffled fit's coordinates in the tested directions at one element.</summary>
    /// <param name="hypothesis">The hypothesis' place in the design.</param>
    /// <param name="coordinates">The coordinates of the fit, columns × <see cref="TileKernel.Width"/>.</param>
    /// <param name="lane">The element's lane.</param>
    protected abstract double TestedSquares(int hypothesis, ReadOnlySpan<double> coordinates, int lane);

    /// <summary>
    /// The residual sums of squares of eight elements: a difference of squares where that is accurate, otherwise from the residuals. NaN
    /// where the nuisance part explains the shuffled residuals, so that neither residuals nor an effect are left: 0 / 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected Vector512<double> ResidualSquares(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        int lane,
        ReadOnlySpan<double> coordinates,
        Vector512<double> fitted
    )
    {
        var all = At(tile.Squares(hypothesis), 0, lane);
        var differences = all - fitted;
        return Vector512.LessThanAny(differences, Vector512.Create(Cancellation) * all)
            ? FromResiduals(tile, shuffle, hypothesis, lane, coordinates, all, differences)
            : differences;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Vector512<double> FromResiduals(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        int lane,
        ReadOnlySpan<double> coordinates,
        Vector512<double> all,
        Vector512<double> differences
    )
    {
        Span<double> squares = stackalloc double[Vector512<double>.Count];
        differences.CopyTo(squares);
        for (var i = 0; i < squares.Length; i++)
        {
            if (!(squares[i] < Cancellation * all[i]))
                continue;
            squares[i] = 0;
            for (var row = 0; row < shuffle.Source.Length; row++)
            {
                var residual = Residual(tile, shuffle, hypothesis, coordinates, row, lane + i);
                squares[i] += residual * residual;
            }
            var noise = Design.Rounding.NoiseSquares(tile.AllSquares[lane + i]);
            if (squares[i] <= noise)
                squares[i] = TestedSquares(hypothesis, coordinates, lane + i) <= noise ? double.NaN : Vanishing * noise;
        }
        return Vector512.Create<double>(squares);
    }

    /// <summary>The residual of a hypothesis' nuisance part at one row and element.</summary>
    protected double OfNuisance(in ResidualTile tile, int hypothesis, int row, int lane)
    {
        var residual = tile.Residuals[(row * TileKernel.Width) + lane];
        if (Design.Hypotheses[hypothesis].Nuisance is null)
            return residual;
        var nuisance = tile.Nuisance(hypothesis);
        for (var k = 0; k < Design.Varying; k++)
            residual -= Design.Basis[(row * Design.Rank) + Design.Common + k] * nuisance[(k * TileKernel.Width) + lane];
        return residual;
    }

    /// <summary>Eight lanes of the row of a tile-shaped span.</summary>
    protected static Vector512<double> At(ReadOnlySpan<double> values, int row, int lane) =>
        Vector512.Create(values.Slice((row * TileKernel.Width) + lane, Vector512<double>.Count));
}

/// <summary>What was computed of a shuffle, and its products with the residuals of a tile.</summary>
internal readonly ref struct PackedShuffle
{
    /// <summary>The shuffle.</summary>
    public required ReadOnlySpan<int> Source { get; init; }

    /// <summary>The numbers besides its columns.</summary>
    public required ReadOnlySpan<double> Cross { get; init; }

    /// <summary>The products, columns × <see cref="TileKernel.Width"/>.</summary>
    public required ReadOnlySpan<double> Sums { get; init; }

    /// <summary>The columns of all shuffles that were packed together.</summary>
    public required Panels Panels { get; init; }

    /// <summary>The place of the shuffle's first column.</summary>
    public required int First { get; init; }
}

/// <summary>Columns in the layout of <see cref="ProductKernel"/>.</summary>
/// <param name="values">panels × rows × <see cref="ProductKernel.Panel"/>.</param>
/// <param name="rows">The number of rows.</param>
internal readonly ref struct Panels(Span<double> values, int rows)
{
    private readonly Span<double> _values = values;

    /// <summary>One value.</summary>
    public ref double this[int row, int column] =>
        ref _values[(((column / ProductKernel.Panel * rows) + row) * ProductKernel.Panel) + (column % ProductKernel.Panel)];

    /// <summary>All values.</summary>
    public Span<double> Values => _values;

    /// <summary>The place of the first value of a column; those of the next rows are <see cref="ProductKernel.Panel"/> apart.</summary>
    public int PlaceOf(int column) => (column / ProductKernel.Panel * rows * ProductKernel.Panel) + (column % ProductKernel.Panel);
}
