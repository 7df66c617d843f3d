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
    private readonly double[] _coordinates;
    private readonly bool _wholeMeansAllSubjects;

    public TileFits(MixedEngine engine, SharedGroups design)
    {
        (_engine, _design) = (engine, design);
        _kernel = MixedKernel.Create(engine.Kernel, design, !engine.Options.Ml);
        (_responses, _tile) = (new(design), new(design));
        _coordinates = new double[design.Tables.Rank];
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
        fits.Ratio[element] = _tile.Ratio[lane];
        fits.Variance[element] = _tile.Squares[lane] / (_engine.Options.Ml ? tables.Rows : tables.Rows - tables.Rank);
        fits.Criterion[element] = _tile.Criterion[lane];
        for (var c = 0; c < _coordinates.Length; c++)
            _coordinates[c] = _tile.Coordinates[(c * TileKernel.Width) + lane];
        fits.FixedVariance[element] = tables.FittedVariance(_coordinates);
        return true;
    }

    private void StoreEffects(int first, ReadOnlySpan<bool> isLeft, MixedFits fits)
    {
        var tables = _design.Tables;
        for (var c = 0; c < fits.Combinations; c++)
        {
            var functional = tables.Functional(c);
            if (double.IsNaN(functional[0]))
                continue;
            _kernel.Combine(_tile, functional, _effects);
            if (_engine.Options.Df == MixedSpec.Residual)
                Array.Fill(_effects.Degrees, tables.Rows - tables.Rank);
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
