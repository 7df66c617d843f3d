using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed;

/// <summary>
/// Mixed models for tiles of elements on the groups of the whole cohort. <see cref="MixedElement"/> fits the elements with missing subjects
/// and those that the kernel does not fit. The choice depends on an element's own values only. A workspace of one thread; allocates nothing
/// per element.
/// </summary>
internal sealed class TileFits
{
    private readonly MixedEngine _engine;
    private readonly SharedGroups _design;
    private readonly MixedKernel _kernel;
    private readonly ResponseTile _responses;
    private readonly MixedTile _tile;
    private readonly MixedEffects _effects = new();
    private readonly MixedSolution _lane;
    private readonly ElementInference _inference;
    private readonly bool _wholeMeansAllSubjects;
    private readonly bool _hasFixedVariance;

    public TileFits(MixedEngine engine, SharedGroups design)
    {
        (_engine, _design) = (engine, design);
        _kernel = MixedKernel.Create(engine.Kernel, design, !engine.Options.Ml);
        (_responses, _tile) = (new(design), new(design));
        (_lane, _inference) = (new(design.Tables.Rank), new(engine));
        _hasFixedVariance = engine.Columns.Partial.Any(column => column.Statistic is "r2.marginal" or "r2.conditional");
        _wholeMeansAllSubjects = engine.Design.RebuildsOnRows && design.Rows.Length < engine.Subjects;
    }

    /// <summary>Fits the elements of a block that this can; the others have the status <see cref="ElementStatus.NoConvergence"/>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="fits">Receives the fits.</param>
    /// <param name="isLeft">Receives for each element whether it was not fitted here.</param>
    public void Fit(in ScalarBlock block, MixedFits fits, Span<bool> isLeft)
    {
        _responses.Start(block.Scalars.Span[0], block.SubjectRows[0]);
        for (var first = 0; first < block.Count; first += TileKernel.Width)
        {
            var lanes = Math.Min(TileKernel.Width, block.Count - first);
            _kernel.Fit(_responses.At(first, lanes), _tile);
            for (var lane = 0; lane < lanes; lane++)
                isLeft[first + lane] = !IsFitted(lane) || !TryStore(lane, first + lane, fits);
            if (_engine.Options.Df != MixedSpec.KenwardRoger)
                StoreEffects(first, isLeft.Slice(first, lanes), fits);
        }
    }

    private bool IsFitted(int lane) => BitConverter.DoubleToInt64Bits(_tile.IsFitted[lane]) != 0;

    private bool TryStore(int lane, int element, MixedFits fits)
    {
        if (_wholeMeansAllSubjects && _responses.CountFinite(element) < _engine.Subjects)
            return false;
        var tables = _design.Tables;
        if (tables.Rows <= _engine.Threshold && _responses.CountFinite(element, _engine.Design.Subset.Rows) <= _engine.Threshold)
            return false;
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
        return true;
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
        _inference.Prepare(_lane);
        if (_engine.Options.Df == MixedSpec.KenwardRoger)
            _inference.StoreCombinations(element, fits);
        _inference.StoreTests(element, fits);
    }

    private void StoreEffects(int first, ReadOnlySpan<bool> isLeft, MixedFits fits)
    {
        var tables = _design.Tables;
        for (var c = 0; c < fits.Combinations; c++)
        {
            var functional = tables.Combinations.Of(c);
            if (double.IsNaN(functional[0]))
                continue;
            _kernel.Combine(_tile, functional, _effects);
            if (_engine.Options.Df == MixedSpec.Residual)
                Array.Fill(_effects.Degrees, tables.Rows - tables.Rank);
            if (_engine.Options.Df == MixedSpec.Normal)
                Array.Fill(_effects.Degrees, double.PositiveInfinity);
            if (!isLeft.Contains(true))
            {
                _effects.Estimates.AsSpan(0, isLeft.Length).CopyTo(fits.Estimates(c)[first..]);
                _effects.StandardErrors.AsSpan(0, isLeft.Length).CopyTo(fits.StandardErrors(c)[first..]);
                _effects.Degrees.AsSpan(0, isLeft.Length).CopyTo(fits.Degrees(c)[first..]);
                continue;
            }
            for (var lane = 0; lane < isLeft.Length; lane++)
                if (!isLeft[lane])
                {
                    fits.Estimates(c)[first + lane] = _effects.Estimates[lane];
                    fits.StandardErrors(c)[first + lane] = _effects.StandardErrors[lane];
                    fits.Degrees(c)[first + lane] = _effects.Degrees[lane];
                }
        }
    }
}
