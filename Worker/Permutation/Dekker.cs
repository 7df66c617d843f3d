using System.Runtime.Intrinsics;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// The residual of the tested regressor on the nuisance part is shuffled, and the responses stay (Dekker, Krackhardt and Snijders 2007,
/// Psychometrika 72:563). For hypotheses of one row.
/// </summary>
/// <remarks>
/// With x the shuffled residual regressor of length 1, x⊥ its part outside of the nuisance part Z, and e the residuals of the responses on
/// Z, the coordinate of the fit on Z and x is x⊥'e / |x⊥|.
/// </remarks>
/// <param name="design">The design.</param>
internal sealed class Dekker(ShuffledDesign design) : ShuffleMethod(design)
{
    private readonly double[][] _regressors = [.. design.Hypotheses.Select(one => Regressor(design, one))];
    private readonly double[][] _nuisances = [.. design.Hypotheses.Select(one => NuisanceBasis(design, one))];

    /// <inheritdoc/>
    public override int Columns => Design.Hypotheses.Count;

    /// <summary>A workspace: the projections on a nuisance part.</summary>
    public override int CrossLength => Design.Rank;

    /// <inheritdoc/>
    public override void Pack(ReadOnlySpan<int> source, in Panels panels, int first, Span<double> cross)
    {
        for (var hypothesis = 0; hypothesis < Columns; hypothesis++)
        {
            var (regressor, nuisance) = (_regressors[hypothesis], _nuisances[hypothesis]);
            var width = nuisance.Length / source.Length;
            var projections = cross[..width];
            projections.Clear();
            var squares = 0.0;
            for (var row = 0; row < source.Length; row++)
            {
                var value = Shuffled(regressor, source[row]);
                squares += value * value;
                for (var k = 0; k < width; k++)
                    projections[k] += nuisance[(row * width) + k] * value;
            }
            foreach (var projection in projections)
                squares -= projection * projection;
            var length = squares > 1e-10 ? Math.Sqrt(squares) : double.NaN;
            for (var row = 0; row < source.Length; row++)
            {
                var value = Shuffled(regressor, source[row]);
                for (var k = 0; k < width; k++)
                    value -= nuisance[(row * width) + k] * projections[k];
                panels[row, first + hypothesis] = value / length;
            }
        }
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
        var degrees = Vector512.Create((double)Design.ResidualDegrees);
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
        {
            var coordinate = At(shuffle.Sums, hypothesis, lane);
            var squares = coordinate * coordinate;
            var variance = ResidualSquares(tile, shuffle, hypothesis, lane, shuffle.Sums, squares) / degrees;
            var statistic = Design.Hypotheses[hypothesis].Space.IsSigned ? coordinate / Vector512.Sqrt(variance) : squares / variance;
            statistic.CopyTo(statistics[lane..]);
        }
    }

    /// <inheritdoc/>
    protected override double TestedSquares(int hypothesis, ReadOnlySpan<double> coordinates, int lane)
    {
        var coordinate = coordinates[(hypothesis * TileKernel.Width) + lane];
        return coordinate * coordinate;
    }

    /// <inheritdoc/>
    protected override double Residual(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        ReadOnlySpan<double> coordinates,
        int row,
        int lane
    ) =>
        OfNuisance(tile, hypothesis, row, lane)
        - (shuffle.Panels[row, shuffle.First + hypothesis] * coordinates[(hypothesis * TileKernel.Width) + lane]);

    private static double Shuffled(double[] values, int source) => source >= 0 ? values[source] : -values[~source];

    private static double[] Regressor(ShuffledDesign design, ShuffledHypothesis hypothesis)
    {
        var values = new double[design.Rows];
        for (var row = 0; row < values.Length; row++)
        for (var k = 0; k < design.Varying; k++)
            values[row] += design.Basis[(row * design.Rank) + design.Common + k] * hypothesis.Directions[k];
        return values;
    }

    /// <summary>An orthonormal basis of the nuisance part, row-major: the span without the tested direction.</summary>
    private static double[] NuisanceBasis(ShuffledDesign design, ShuffledHypothesis hypothesis)
    {
        var vectors = new OrthonormalVectors(design.Varying);
        for (var column = 0; hypothesis.Nuisance is not null && column < design.Varying; column++)
            vectors.Add([.. Enumerable.Range(0, design.Varying).Select(row => hypothesis.Nuisance[(row * design.Varying) + column])]);
        var width = design.Common + vectors.Vectors.Count;
        var basis = new double[design.Rows * width];
        for (var row = 0; row < design.Rows; row++)
        {
            design.Basis.AsSpan(row * design.Rank, design.Common).CopyTo(basis.AsSpan(row * width));
            for (var v = 0; v < vectors.Vectors.Count; v++)
            for (var k = 0; k < design.Varying; k++)
                basis[(row * width) + design.Common + v] += design.Basis[(row * design.Rank) + design.Common + k] * vectors.Vectors[v][k];
        }
        return basis;
    }
}
