using System.Runtime.Intrinsics;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Residuals of each hypothesis' nuisance part are shuffled and fitted on the whole model (Freedman and Lane 1983; Winkler et al. 2014).
/// </summary>
/// <remarks>
/// With Q the basis, E the residuals on the common nuisance part, P the shuffle and v the projection of Q'E on a hypothesis' own nuisance
/// part, the fit of P (E - Q v) has the coordinates Q'P E - (Q'P Q) v. The first product, (P'Q)'E, is the same for all hypotheses. The
/// squares of the shuffled residuals are those of the residuals, so that the residual sum of squares is a difference.
/// </remarks>
/// <param name="design">The design.</param>
internal class FreedmanLane(ShuffledDesign design) : ShuffleMethod(design)
{
    /// <summary>Values of a row of the cross product, whose last are padding.</summary>
    private readonly int _crossStride = Stride(design);

    /// <summary>The columns of the basis in which hypotheses differ, row by row and padded; empty: none has a nuisance part.</summary>
    private readonly double[] _origins = design.Hypotheses.Any(one => one.Nuisance is not null) ? Origins(design) : [];

    /// <inheritdoc/>
    public sealed override int Columns => Design.Rank - Design.Skipped;

    /// <inheritdoc/>
    public sealed override int CrossLength => _origins.Length > 0 ? Columns * _crossStride : 0;

    /// <inheritdoc/>
    public sealed override void Pack(ReadOnlySpan<int> source, in Panels panels, int first, Span<double> cross)
    {
        var (rank, skipped) = (Design.Rank, Design.Skipped);
        for (var column = 0; column < Columns; column++)
        {
            var values = panels.Column(first + column);
            for (var row = 0; row < source.Length; row++)
            {
                var target = Design.Basis[(row * rank) + skipped + column];
                var from = source[row];
                values[(from >= 0 ? from : ~from) * ProductKernel.Panel] = from >= 0 ? target : -target;
            }
        }
        if (_origins.Length > 0)
            Multiply(source, cross);
    }

    /// <summary>Q'P Q, in ascending order of rows; four columns at a time, whose sums are in registers.</summary>
    private void Multiply(ReadOnlySpan<int> source, Span<double> cross)
    {
        var (rank, skipped, last) = (Design.Rank, Design.Skipped, Columns - 1);
        for (var column = 0; column <= last; column += 4)
        for (var k = 0; k < _crossStride; k += Vector256<double>.Count)
        {
            // Columns beyond the last are the last again.
            var (second, third, fourth) = (Math.Min(column + 1, last), Math.Min(column + 2, last), Math.Min(column + 3, last));
            var (a, b) = (Vector256<double>.Zero, Vector256<double>.Zero);
            var (c, d) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (var row = 0; row < source.Length; row++)
            {
                var from = source[row];
                var origin = Vector256.Create(_origins.AsSpan(((from >= 0 ? from : ~from) * _crossStride) + k));
                origin = from >= 0 ? origin : -origin;
                var target = Design.Basis.AsSpan((row * rank) + skipped, last + 1);
                a += origin * target[column];
                b += origin * target[second];
                c += origin * target[third];
                d += origin * target[fourth];
            }
            a.CopyTo(cross[((column * _crossStride) + k)..]);
            b.CopyTo(cross[((second * _crossStride) + k)..]);
            c.CopyTo(cross[((third * _crossStride) + k)..]);
            d.CopyTo(cross[((fourth * _crossStride) + k)..]);
        }
    }

    private static int Stride(ShuffledDesign design) =>
        (design.Varying + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;

    private static double[] Origins(ShuffledDesign design)
    {
        var stride = Stride(design);
        var origins = new double[design.Rows * stride];
        for (var row = 0; row < design.Rows; row++)
            design.Basis.AsSpan((row * design.Rank) + design.Common, design.Varying).CopyTo(origins.AsSpan(row * stride));
        return origins;
    }

    /// <inheritdoc/>
    public override void Evaluate(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        Span<double> workspace,
        Span<double> statistics
    )
    {
        var tested = Design.Hypotheses[hypothesis];
        var degrees = Vector512.Create((double)Design.ResidualDegrees);
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
        {
            var fitted = Coordinates(tile, shuffle, hypothesis, lane, workspace);
            var residual = ResidualSquares(tile, shuffle, hypothesis, lane, workspace, fitted);
            Statistic(tested, workspace, lane, residual / degrees).CopyTo(statistics[lane..]);
        }
    }

    /// <summary>The coordinates of the shuffled fit, into the workspace; returns the sum of their squares.</summary>
    protected Vector512<double> Coordinates(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        int lane,
        Span<double> workspace
    )
    {
        var hasNuisance = Design.Hypotheses[hypothesis].Nuisance is not null;
        var nuisance = tile.Nuisance(hypothesis);
        var (varying, fitted) = (Design.Varying, Vector512<double>.Zero);
        for (var column = 0; column < Columns; column++)
        {
            var coordinate = At(shuffle.Sums, column, lane);
            for (var k = 0; hasNuisance && k < varying; k++)
                coordinate -= Vector512.Create(shuffle.Cross[(column * _crossStride) + k]) * At(nuisance, k, lane);
            coordinate.CopyTo(workspace[((column * TileKernel.Width) + lane)..]);
            fitted += coordinate * coordinate;
        }
        return fitted;
    }

    private Vector512<double> Statistic(ShuffledHypothesis tested, ReadOnlySpan<double> coordinates, int lane, Vector512<double> variance)
    {
        var (varying, first) = (Design.Varying, Columns - Design.Varying);
        var (product, squares) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (var direction = 0; direction < tested.Degrees; direction++)
        {
            product = Vector512<double>.Zero;
            for (var k = 0; k < varying; k++)
                product += Vector512.Create(tested.Directions[(direction * varying) + k]) * At(coordinates, first + k, lane);
            squares += product * product;
        }
        return tested.Space.IsSigned ? product / Vector512.Sqrt(variance) : squares / Vector512.Create((double)tested.Degrees) / variance;
    }

    /// <inheritdoc/>
    protected sealed override double Residual(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        ReadOnlySpan<double> coordinates,
        int row,
        int lane
    )
    {
        var source = shuffle.Source[row];
        var residual = source >= 0 ? OfNuisance(tile, hypothesis, source, lane) : -OfNuisance(tile, hypothesis, ~source, lane);
        for (var column = 0; column < Columns; column++)
            residual -= Design.Basis[(row * Design.Rank) + Design.Skipped + column] * coordinates[(column * TileKernel.Width) + lane];
        return residual;
    }
}
