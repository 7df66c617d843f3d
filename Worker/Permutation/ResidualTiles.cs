using System.Runtime.Intrinsics;
using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// The residuals of a block of elements on the nuisance part that is common to all hypotheses of a design. A workspace of one thread that
/// grows to the largest block.
/// </summary>
internal sealed class ResidualTiles
{
    /// <summary>Relative to the squares of the responses: residuals of a few units in the last place of double.</summary>
    private const double Rounding = 1e-27;

    private readonly ShuffleMethod _method;
    private readonly ShuffledDesign _design;
    private readonly TileKernel _kernel;
    private readonly ResponseRows _responses;
    private readonly double[] _projections;
    private readonly double[] _squares = new double[TileKernel.Width];
    private readonly int[] _rowStarts;
    private double[] _residuals = [];
    private double[] _nuisances = [];
    private double[] _hypothesisSquares = [];
    private double[] _allSquares = [];
    private bool[] _areTested = [];

    /// <summary>A workspace.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="rows">The model matrix.</param>
    /// <param name="method">How the hypotheses are tested.</param>
    public ResidualTiles(LinearEngine engine, WholeCohortDesign rows, ShuffleMethod method)
    {
        var design = method.Design;
        (_method, _design, _kernel, _responses) = (method, design, TileKernel.Create(engine.Kernel), new(engine, rows));
        _projections = new double[design.Rank * TileKernel.Width];
        _rowStarts = [.. Enumerable.Range(0, design.Rows).Select(row => row * TileKernel.Width)];
    }

    /// <summary>The number of tiles of the block.</summary>
    public int Count { get; private set; }

    /// <summary>For each lane of each tile whether its element is tested: no subject is missing, and there are residuals.</summary>
    public ReadOnlySpan<bool> AreTested => _areTested.AsSpan(0, Count * TileKernel.Width);

    private int TileLength => _design.Rows * TileKernel.Width;

    private int NuisanceLength => _design.Hypotheses.Count * _design.Varying * TileKernel.Width;

    private int SquaresLength => _design.Hypotheses.Count * TileKernel.Width;

    /// <summary>Squares of the responses without a common constant, then of the residuals on the model.</summary>
    private static int AllLength => 2 * TileKernel.Width;

    /// <summary>One tile.</summary>
    public ResidualTile this[int tile] =>
        new(
            _residuals.AsSpan(tile * TileLength, TileLength),
            _nuisances.AsSpan(tile * NuisanceLength, NuisanceLength),
            _hypothesisSquares.AsSpan(tile * SquaresLength, SquaresLength),
            _allSquares.AsSpan(tile * AllLength, AllLength),
            _design.Varying
        );

    /// <summary>Computes the residuals of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="status">The statuses of its fits: only elements that were fitted without reservation are tested.</param>
    public void Compute(in ScalarBlock block, ReadOnlySpan<ElementStatus> status)
    {
        Count = (block.Count + TileKernel.Width - 1) / TileKernel.Width;
        if (_areTested.Length < Count * TileKernel.Width)
            Reserve();
        _responses.Start(block);
        for (var tile = 0; tile < Count; tile++)
        {
            var first = tile * TileKernel.Width;
            Compute(tile, first, status.Slice(first, Math.Min(TileKernel.Width, block.Count - first)), block);
        }
    }

    /// <summary>Computes the residuals of one tile.</summary>
    /// <param name="responses">Its responses, rows × <see cref="TileKernel.Width"/>, finite and weighted like the model matrix.</param>
    /// <param name="elements">How many of its lanes are tested.</param>
    public void Compute(ReadOnlySpan<double> responses, int elements)
    {
        Count = 1;
        if (_areTested.Length < TileKernel.Width)
            Reserve();
        var residuals = _residuals.AsSpan(0, TileLength);
        responses.CopyTo(residuals);
        _kernel.Project(new(residuals, _rowStarts), _design.Basis, _design.Rank, _projections);
        for (var lane = 0; lane < TileKernel.Width; lane++)
            _areTested[lane] = lane < elements;
        ComputeTested(0, residuals);
    }

    private void Reserve()
    {
        _residuals = new double[Count * TileLength];
        _nuisances = new double[Count * NuisanceLength];
        _hypothesisSquares = new double[Count * SquaresLength];
        _allSquares = new double[Count * AllLength];
        _areTested = new bool[Count * TileKernel.Width];
    }

    private void Compute(int tile, int first, ReadOnlySpan<ElementStatus> status, in ScalarBlock block)
    {
        var residuals = _residuals.AsSpan(tile * TileLength, TileLength);
        _responses.Copy(block, first, status.Length, residuals);
        var responses = new ElementTile(residuals, _rowStarts);
        _kernel.Project(responses, _design.Basis, _design.Rank, _projections);
        _kernel.SumResidualSquares(responses, _design.Basis, _design.Rank, _projections, _squares);
        for (var lane = 0; lane < TileKernel.Width; lane++)
            _areTested[first + lane] =
                lane < status.Length
                && status[lane] == ElementStatus.Fitted
                && HasResiduals(lane)
                && _responses.AreComplete(block, first + lane);
        ComputeTested(tile, residuals);
    }

    /// <summary>Replaces the responses of a tile, whose projections are known, by their residuals.</summary>
    private void ComputeTested(int tile, Span<double> residuals)
    {
        Clear(residuals, _areTested.AsSpan(tile * TileKernel.Width, TileKernel.Width));
        if (_design.HasConstant)
        {
            Centre(residuals);
            _kernel.Project(new(residuals, _rowStarts), _design.Basis, _design.Rank, _projections);
        }
        var ofAll = _allSquares.AsSpan(tile * AllLength, AllLength);
        ofAll.Clear();
        AddSquares(0, _design.Common, ofAll);
        // Twice: what rounding leaves of large projections would be shuffled with the residuals.
        for (var pass = 0; pass < 2; pass++)
        {
            Subtract(residuals);
            _kernel.Project(new(residuals, _rowStarts), _design.Basis, _design.Rank, _projections);
        }
        _kernel.SumResidualSquares(new(residuals, _rowStarts), _design.Basis, _design.Rank, _projections, _squares);
        AddSquares(_design.Common, _design.Varying, ofAll);
        for (var lane = 0; lane < TileKernel.Width; lane++)
        {
            ofAll[lane] += _squares[lane];
            ofAll[TileKernel.Width + lane] = _squares[lane];
        }
        for (var hypothesis = 0; hypothesis < _design.Hypotheses.Count; hypothesis++)
            Compute(tile, hypothesis);
    }

    /// <summary>Adds the squares of the projections on some columns.</summary>
    private void AddSquares(int first, int columns, Span<double> sums)
    {
        for (var column = first; column < first + columns; column++)
        for (var lane = 0; lane < TileKernel.Width; lane++)
        {
            var projection = _projections[(column * TileKernel.Width) + lane];
            sums[lane] += projection * projection;
        }
    }

    /// <summary>Whether the responses of a lane are finite and not fitted exactly.</summary>
    private bool HasResiduals(int lane)
    {
        var total = _squares[lane];
        for (var k = 0; k < _design.Rank; k++)
            total += _projections[(k * TileKernel.Width) + lane] * _projections[(k * TileKernel.Width) + lane];
        return double.IsFinite(total) && _squares[lane] > Rounding * total;
    }

    private void Clear(Span<double> residuals, ReadOnlySpan<bool> areTested)
    {
        for (var lane = 0; lane < TileKernel.Width; lane++)
        {
            if (areTested[lane])
                continue;
            for (var row = 0; row < _design.Rows; row++)
                residuals[(row * TileKernel.Width) + lane] = 0;
            for (var k = 0; k < _design.Rank; k++)
                _projections[(k * TileKernel.Width) + lane] = 0;
        }
    }

    /// <summary>
    /// Subtracts the first subject's value: without rounding where values vary little, unlike their projection, and without effect on the
    /// residuals.
    /// </summary>
    private void Centre(Span<double> residuals)
    {
        for (var row = _design.Rows - 1; row >= 0; row--)
        for (var lane = 0; lane < TileKernel.Width; lane++)
            residuals[(row * TileKernel.Width) + lane] -= residuals[lane];
    }

    /// <summary>Subtracts the projection on the common nuisance part.</summary>
    private void Subtract(Span<double> residuals)
    {
        for (var row = 0; row < _design.Rows; row++)
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
        {
            var part = residuals.Slice((row * TileKernel.Width) + lane, Vector512<double>.Count);
            var value = Vector512.Create<double>(part);
            for (var k = 0; k < _design.Common; k++)
                value -=
                    Vector512.Create(_design.Basis[(row * _design.Rank) + k])
                    * Vector512.Create(_projections.AsSpan((k * TileKernel.Width) + lane));
            value.CopyTo(part);
        }
    }

    /// <summary>The projection on a hypothesis' own nuisance part, and the squares of what it leaves.</summary>
    private void Compute(int tile, int hypothesis)
    {
        var (varying, projector) = (_design.Varying, _design.Hypotheses[hypothesis].Nuisance);
        var nuisance = _nuisances.AsSpan((tile * NuisanceLength) + (hypothesis * varying * TileKernel.Width), varying * TileKernel.Width);
        var squares = _hypothesisSquares.AsSpan((tile * SquaresLength) + (hypothesis * TileKernel.Width), TileKernel.Width);
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
        {
            var sum = Vector512.Create(_squares.AsSpan(lane));
            for (var row = 0; row < varying; row++)
            {
                var inside = Vector512<double>.Zero;
                for (var column = 0; projector is not null && column < varying; column++)
                    inside += Vector512.Create(projector[(row * varying) + column]) * Varying(column, lane);
                inside.CopyTo(nuisance[((row * TileKernel.Width) + lane)..]);
                var outside = Varying(row, lane) - inside;
                sum += outside * outside;
            }
            sum.CopyTo(squares[lane..]);
        }
        for (var lane = 0; lane < TileKernel.Width; lane++)
            if (StatisticRounding.IsNoise(_method.RelativeError(this[tile], hypothesis, lane)))
                squares[lane] = double.NaN;
    }

    private Vector512<double> Varying(int column, int lane) =>
        Vector512.Create(_projections.AsSpan(((_design.Common + column) * TileKernel.Width) + lane));
}
