using System.Runtime.Intrinsics;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Freedman and Lane's shuffles where groups of subjects have variances of their own: the statistics v and G of Winkler et al. (2014,
/// NeuroImage 92:381), as z, since their degrees of freedom differ between elements and shuffles.
/// </summary>
/// <remarks>
/// The estimate is that of least squares. With R = I - QQ', SSE_g the squares of the residuals of group g and W_g = Σ R_ii / SSE_g over
/// its rows, G = (A'u)' [A' (Σ W_g Q_g'Q_g)⁻¹ A]⁻¹ (A'u) / (r Λ), where u are the coordinates of the fit and A the tested directions.
/// Λ = 1 + 2 (r - 1) / (r (r + 2)) S and the residual degrees of freedom r (r + 2) / (3 S) follow Welch (1951, Biometrika 38:330), with
/// S = Σ_g (1 - n_g W_g / Σ_h n_h W_h)² / Σ R_ii. For r = 1, v = √G with the sign of the estimate.
/// </remarks>
internal sealed class GroupedVariances : FreedmanLane
{
    private readonly int[] _groupOfRow;
    private readonly int _groups;
    private readonly double[] _rows;
    private readonly double[] _residualRows;
    private readonly double[] _grams;
    private readonly double[][] _directions;

    /// <summary>The method for a design.</summary>
    /// <param name="design">The design.</param>
    /// <param name="groupOfRow">The group of each row.</param>
    public GroupedVariances(ShuffledDesign design, int[] groupOfRow)
        : base(design)
    {
        (_groupOfRow, _groups) = (groupOfRow, groupOfRow.Max() + 1);
        var rank = design.Rank;
        (_rows, _residualRows) = (new double[_groups], new double[_groups]);
        _grams = new double[_groups * rank * rank];
        for (var row = 0; row < design.Rows; row++)
        {
            var q = design.Basis.AsSpan(row * rank, rank);
            _rows[groupOfRow[row]]++;
            _residualRows[groupOfRow[row]] += 1;
            for (var i = 0; i < rank; i++)
            {
                _residualRows[groupOfRow[row]] -= q[i] * q[i];
                for (var j = 0; j < rank; j++)
                    _grams[(groupOfRow[row] * rank * rank) + (i * rank) + j] += q[i] * q[j];
            }
        }
        _directions = [.. design.Hypotheses.Select(Whole)];
    }

    /// <summary>The groups in which no residual is left, since the model fits all of their rows exactly.</summary>
    public IEnumerable<int> WithoutResiduals => Enumerable.Range(0, _groups).Where(group => _residualRows[group] < 1e-8);

    /// <inheritdoc/>
    public override bool AreScores => true;

    /// <inheritdoc/>
    public override int WorkspaceLength =>
        base.WorkspaceLength
        + (_groups * TileKernel.Width)
        + (Design.Rank * Design.Rank)
        + (Design.Hypotheses.Max(one => one.Degrees) * (Design.Rank + Design.Hypotheses.Max(one => one.Degrees) + 1));

    /// <inheritdoc/>
    public override void Evaluate(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        Span<double> workspace,
        Span<double> statistics
    )
    {
        var coordinates = workspace[..base.WorkspaceLength];
        var squares = workspace.Slice(coordinates.Length, _groups * TileKernel.Width);
        var ofElement = workspace[(coordinates.Length + squares.Length)..];
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
            Coordinates(tile, shuffle, hypothesis, lane, coordinates);
        SumSquares(tile, shuffle, hypothesis, coordinates, squares);
        for (var lane = 0; lane < TileKernel.Width; lane++)
            statistics[lane] =
                tile.Squares(hypothesis)[lane] > 0 && HasResiduals(squares, lane, Design.Rounding.NoiseSquares(tile.AllSquares[lane]))
                    ? Score(hypothesis, lane, coordinates, squares, ofElement)
                    : double.NaN;
    }

    /// <inheritdoc/>
    public override double RelativeError(in ResidualTile tile, int hypothesis, int lane)
    {
        Span<double> fit = stackalloc double[Design.Varying];
        for (var column = 0; column < fit.Length; column++)
        for (var row = 0; row < Design.Rows; row++)
            fit[column] += tile.Residuals[(row * TileKernel.Width) + lane] * Varying(row, column);
        Span<double> squares = stackalloc double[_groups];
        for (var row = 0; row < Design.Rows; row++)
        {
            var residual = tile.Residuals[(row * TileKernel.Width) + lane];
            for (var column = 0; column < fit.Length; column++)
                residual -= fit[column] * Varying(row, column);
            squares[_groupOfRow[row]] += residual * residual;
        }
        var (smallest, least, most) = (double.PositiveInfinity, double.PositiveInfinity, 0.0);
        for (var group = 0; group < _groups; group++)
        {
            var weight = _residualRows[group] / squares[group];
            (smallest, least, most) = (Math.Min(smallest, squares[group]), Math.Min(least, weight), Math.Max(most, weight));
        }
        return Design.Rounding.OfWeights(tile.AllSquares[lane], smallest, most / least);
    }

    /// <inheritdoc/>
    protected override double Error(int hypothesis, double statistic, double relative) =>
        Design.Hypotheses[hypothesis].Space.IsSigned
            ? StatisticRounding.OfScoreOfT(statistic, relative, Design.Rows)
            : StatisticRounding.OfScoreOfF(statistic, relative, Design.Rows);

    private double Varying(int row, int column) => Design.Basis[(row * Design.Rank) + Design.Common + column];

    /// <summary>Whether every group has some: otherwise its weight is infinite, and there is no statistic.</summary>
    private bool HasResiduals(ReadOnlySpan<double> squares, int lane, double noise)
    {
        for (var group = 0; group < _groups; group++)
            if (!(squares[(group * TileKernel.Width) + lane] > noise))
                return false;
        return true;
    }

    /// <summary>The squares of the shuffled residuals, per group.</summary>
    private void SumSquares(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        ReadOnlySpan<double> coordinates,
        Span<double> squares
    )
    {
        squares.Clear();
        var (rank, varying) = (Design.Rank, Design.Varying);
        var nuisance = tile.Nuisance(hypothesis);
        var hasNuisance = Design.Hypotheses[hypothesis].Nuisance is not null;
        for (var row = 0; row < Design.Rows; row++)
        {
            var (from, sign) = shuffle.Source[row] >= 0 ? (shuffle.Source[row], 1.0) : (~shuffle.Source[row], -1.0);
            for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
            {
                var residual = At(tile.Residuals, from, lane);
                for (var k = 0; hasNuisance && k < varying; k++)
                    residual -= Vector512.Create(Design.Basis[(from * rank) + Design.Common + k]) * At(nuisance, k, lane);
                residual *= Vector512.Create(sign);
                for (var column = 0; column < Columns; column++)
                    residual -= Vector512.Create(Design.Basis[(row * rank) + Design.Skipped + column]) * At(coordinates, column, lane);
                var sum = squares.Slice((_groupOfRow[row] * TileKernel.Width) + lane, Vector512<double>.Count);
                (Vector512.Create<double>(sum) + (residual * residual)).CopyTo(sum);
            }
        }
    }

    private double Score(int hypothesis, int lane, ReadOnlySpan<double> coordinates, ReadOnlySpan<double> squares, Span<double> workspace)
    {
        var (rank, tested) = (Design.Rank, Design.Hypotheses[hypothesis]);
        var degrees = tested.Degrees;
        var information = workspace[..(rank * rank)];
        var weights = 0.0;
        information.Clear();
        for (var group = 0; group < _groups; group++)
        {
            var weight = _residualRows[group] / squares[(group * TileKernel.Width) + lane];
            weights += _rows[group] * weight;
            for (var entry = 0; entry < information.Length; entry++)
                information[entry] += weight * _grams[(group * rank * rank) + entry];
        }
        if (!double.IsFinite(weights) || !Cholesky.TryFactor(information, rank))
            return double.NaN;
        var spread = 0.0;
        for (var group = 0; group < _groups; group++)
        {
            var share = 1 - (_rows[group] * _residualRows[group] / squares[(group * TileKernel.Width) + lane] / weights);
            spread += share * share / _residualRows[group];
        }
        var (square, estimate) = Square(hypothesis, lane, coordinates, information, workspace[(rank * rank)..]);
        var residualDegrees = degrees * (degrees + 2) / (3 * spread);
        if (tested.Space.IsSigned)
            return NormalScores.OfT(Math.CopySign(Math.Sqrt(square), estimate), residualDegrees);
        var lambda = 1 + (2.0 * (degrees - 1) / (degrees * (degrees + 2)) * spread);
        return NormalScores.OfF(square / (degrees * lambda), degrees, residualDegrees);
    }

    /// <summary>(A'u)' [A' I⁻¹ A]⁻¹ (A'u), I given by its Cholesky factor, and the last of A'u.</summary>
    private (double Square, double Estimate) Square(
        int hypothesis,
        int lane,
        ReadOnlySpan<double> coordinates,
        ReadOnlySpan<double> factor,
        Span<double> workspace
    )
    {
        var (rank, degrees) = (Design.Rank, Design.Hypotheses[hypothesis].Degrees);
        var solved = workspace[..(degrees * rank)];
        var middle = workspace.Slice(degrees * rank, degrees * degrees);
        var estimates = workspace.Slice((degrees * rank) + (degrees * degrees), degrees);
        _directions[hypothesis].CopyTo(solved);
        for (var d = 0; d < degrees; d++)
        {
            var direction = _directions[hypothesis].AsSpan(d * rank, rank);
            estimates[d] = 0;
            for (var column = 0; column < Columns; column++)
                estimates[d] += direction[Design.Skipped + column] * coordinates[(column * TileKernel.Width) + lane];
            Cholesky.SolveLower(factor, rank, solved.Slice(d * rank, rank));
            for (var e = 0; e <= d; e++)
            {
                var product = 0.0;
                for (var k = 0; k < rank; k++)
                    product += solved[(d * rank) + k] * solved[(e * rank) + k];
                middle[(d * degrees) + e] = middle[(e * degrees) + d] = product;
            }
        }
        var last = estimates[degrees - 1];
        if (!Cholesky.TryFactor(middle, degrees))
            return (double.NaN, last);
        return (Cholesky.SolveLower(middle, degrees, estimates), last);
    }

    /// <summary>A hypothesis' directions in all columns of the basis.</summary>
    private double[] Whole(ShuffledHypothesis hypothesis)
    {
        var directions = new double[hypothesis.Degrees * Design.Rank];
        for (var d = 0; d < hypothesis.Degrees; d++)
            hypothesis.Directions.AsSpan(d * Design.Varying, Design.Varying).CopyTo(directions.AsSpan((d * Design.Rank) + Design.Common));
        return directions;
    }
}
