using HpcFit.Shared.Elements;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Fits blocks of elements on one thread: tiles of elements without missing subjects with the whole cohort's model, the others element by
/// element. The choice depends only on the element's own values.
/// </summary>
internal sealed class GamTileFitter : IBlockFitter
{
    private readonly GamEngine _engine;
    private readonly GamElementFitter _elements;
    private readonly RowsFit _whole;
    private readonly ProjectedTile _projected;
    private readonly ResponseTile _tiles;

    /// <summary>The workspace of one thread.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="whole">The whole cohort's model.</param>
    public GamTileFitter(GamEngine engine, RowsModel whole)
    {
        _engine = engine;
        _elements = new(engine);
        _whole = new(whole);
        _projected = new(whole, TileKernel.Create(engine.Kernel));
        _tiles = new(whole);
    }

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        results.FillWithNaN();
        _tiles.Start(block.Scalars.Span[0], block.SubjectRows[0]);
        for (var first = 0; first < block.Count; first += TileKernel.Width)
        {
            var lanes = Math.Min(TileKernel.Width, block.Count - first);
            var tile = _tiles.At(first, lanes);
            _projected.Project(tile);
            for (var lane = 0; lane < lanes; lane++)
            {
                var element = first + lane;
                if (!_projected.IsWhole(lane) || !IsOfWhole(element))
                    _elements.Fit(block, element, results);
                else
                {
                    _whole.Take(_projected, tile, lane);
                    var isConstant = _whole.MayBeConstant && _tiles.IsConstant(element);
                    results.Status[element] = _elements.Finish(_whole, isConstant, element, results);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    /// <summary>Whether the whole cohort's model applies to the element: enough subjects, and none missing for terms that depend on all
    /// rows.</summary>
    private bool IsOfWhole(int element)
    {
        var rows = _whole.Model.Rows.Length;
        if (rows == _engine.Subjects || (rows > _engine.Threshold && !_engine.Model.Design.RebuildsOnRows))
            return rows > _engine.Threshold;
        var design = _engine.Model.Design;
        return (rows > _engine.Threshold || _tiles.CountFinite(element, design.Subset.Rows) > _engine.Threshold)
            && (!design.RebuildsOnRows || _tiles.CountFinite(element) == _engine.Subjects);
    }
}
