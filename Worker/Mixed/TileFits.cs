using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Profile;
using HpcFit.Worker.Mixed.Tiles;

namespace HpcFit.Worker.Mixed;

/// <summary>
/// Mixed models for tiles of elements on rows that they share: those of the whole cohort, or of a pattern of missing subjects.
/// <see cref="MixedElement"/> fits the elements that the kernel does not fit. The choice depends on an element's own values only. Allocates
/// nothing per element.
/// </summary>
internal sealed class TileFits
{
    private readonly MixedEngine _engine;
    private readonly SharedGroups _design;
    private readonly TileWorkspace _workspace;
    private readonly MixedTile _tile;
    private readonly MixedEffects _effects;
    private readonly MixedSolution _lane;
    private readonly bool _hasFixedVariance;
    private MixedKernel? _wide;
    private MixedKernel? _narrow;

    /// <param name="engine">The model.</param>
    /// <param name="design">The rows.</param>
    /// <param name="workspace">The workspace of the thread.</param>
    public TileFits(MixedEngine engine, SharedGroups design, TileWorkspace workspace)
    {
        (_engine, _design, _workspace) = (engine, design, workspace);
        (_tile, _effects, _lane) = (workspace.Tile, workspace.Effects, workspace.Lane);
        _hasFixedVariance = engine.Columns.Partial.Any(column => column.Statistic is "r2.marginal" or "r2.conditional");
    }

    /// <summary>The rows.</summary>
    public SharedGroups Design => _design;

    /// <summary>Fits a tile; one element alone by the kernel without registers, whose bits are the same.</summary>
    /// <param name="responses">The responses, scaled by the roots of weights.</param>
    /// <param name="elements">The element of each lane, counted from the block's first.</param>
    /// <param name="fits">Receives the fits.</param>
    /// <param name="isLeft">Whether a lane's element is fitted elsewhere in any case; receives whether it was not fitted here.</param>
    public void Fit(in ElementTile responses, ReadOnlySpan<int> elements, MixedFits fits, Span<bool> isLeft)
    {
        var kernel = KernelOf(elements.Length);
        kernel.Fit(responses, elements.Length, _tile);
        for (var lane = 0; lane < elements.Length; lane++)
        {
            isLeft[lane] |= !IsFitted(lane);
            if (!isLeft[lane])
                Store(lane, elements[lane], fits);
        }
        if (_engine.Options.Df != MixedSpec.KenwardRoger)
            StoreEffects(kernel, elements, isLeft, fits);
    }

    private MixedKernel KernelOf(int lanes) => lanes > 1 ? _wide ??= Create(_engine.Kernel) : _narrow ??= Create(KernelChoice.Scalar);

    private MixedKernel Create(KernelChoice kernel) => MixedKernel.Create(kernel, _design, !_engine.Options.Ml);

    private bool IsFitted(int lane) => BitConverter.DoubleToInt64Bits(_tile.IsFitted[lane]) != 0;

    private void Store(int lane, int element, MixedFits fits)
    {
        var tables = _design.Tables;
        fits.Status[element] = tables.Rank < _engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
        fits.StoreRows(element, tables);
        CopyLane(lane);
        (fits.Ratio[element], fits.Variance[element], fits.Criterion[element]) = (_lane.Ratio, _lane.Variance, _lane.Criterion);
        if (_engine.Options.TestRandom is { } tested)
            fits.StoreLikelihoodRatio(element, _lane, !_engine.Options.Ml, tested == MixedSpec.Exact);
        if (_hasFixedVariance)
            fits.FixedVariance[element] = tables.FittedVariance(_lane.Coordinates);
        if (_engine.TestCount > 0 || _engine.Options.Df == MixedSpec.KenwardRoger)
            Infer(lane, element, fits);
    }

    private void CopyLane(int lane)
    {
        var tables = _design.Tables;
        (_lane.Tables, _lane.Ratio, _lane.Criterion) = (tables, _tile.Ratio[lane], _tile.Criterion[lane]);
        (_lane.Squares, _lane.Degrees) = (_tile.Squares[lane], _engine.Options.Ml ? tables.Rows : tables.Rows - tables.Rank);
        _lane.OrdinarySquares = _tile.OrdinarySquares[lane];
        for (var c = 0; c < tables.Rank; c++)
            _lane.Coordinates[c] = _tile.Coordinates[(c * TileKernel.Width) + lane];
    }

    /// <summary>What is computed per lane: F tests, and everything by Kenward and Roger's method.</summary>
    private void Infer(int lane, int element, MixedFits fits)
    {
        var rank = _design.Tables.Rank;
        (_lane.Slope, _lane.Curvature, _lane.SquaresSlope) = (_tile.Slope[lane], _tile.Curvature[lane], _tile.SquaresSlope[lane]);
        for (int i = 0, place = lane; i < rank; i++)
        for (var j = 0; j <= i; j++, place += TileKernel.Width)
        {
            _lane.Inverse[(i * rank) + j] = _lane.Inverse[(j * rank) + i] = _tile.Inverse[place];
            _lane.InformationSlope[(i * rank) + j] = _lane.InformationSlope[(j * rank) + i] = -_tile.Decline[place];
        }
        var inference = _workspace.Inference;
        inference.Prepare(_lane);
        if (_engine.Options.Df == MixedSpec.KenwardRoger)
            inference.StoreCombinations(element, fits);
        inference.StoreTests(element, fits);
    }

    private void StoreEffects(MixedKernel kernel, ReadOnlySpan<int> elements, ReadOnlySpan<bool> isLeft, MixedFits fits)
    {
        var tables = _design.Tables;
        for (var c = 0; c < fits.Combinations; c++)
        {
            var functional = tables.Combinations.Of(c);
            if (double.IsNaN(functional[0]))
                continue;
            kernel.Combine(_tile, elements.Length, functional, _effects);
            if (_engine.Options.Df == MixedSpec.Residual)
                Array.Fill(_effects.Degrees, tables.Rows - tables.Rank);
            if (_engine.Options.Df == MixedSpec.Normal)
                Array.Fill(_effects.Degrees, double.PositiveInfinity);
            var estimates = fits.Estimates(c);
            var errors = fits.StandardErrors(c);
            var degrees = fits.Degrees(c);
            for (var lane = 0; lane < elements.Length; lane++)
                if (!isLeft[lane])
                {
                    estimates[elements[lane]] = _effects.Estimates[lane];
                    errors[elements[lane]] = _effects.StandardErrors[lane];
                    degrees[elements[lane]] = _effects.Degrees[lane];
                }
        }
    }
}
