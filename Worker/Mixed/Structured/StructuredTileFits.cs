using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Structured.Tiles;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>
/// Fits of tiles of consecutive elements on the rows of the whole cohort. The choice depends on an element's own values only. A workspace
/// of one thread; allocates nothing per element.
/// </summary>
internal sealed class StructuredTileFits
{
    private readonly StructuredEngine _engine;
    private readonly StructuredLanes _lanes;
    private readonly ResponseTile _responses;
    private readonly bool _wholeMeansAllSubjects;
    private int _first;

    public StructuredTileFits(StructuredEngine engine, SharedStructure shared, StartLattice lattice)
    {
        (_engine, _lanes, _responses) = (engine, new(engine, shared, lattice), new(shared));
        _wholeMeansAllSubjects = engine.RebuildsOnRows && shared.Rows.Length < engine.Subjects;
    }

    /// <summary>Takes a block, whose tiles are fitted until the next call.</summary>
    public void Start(in ScalarBlock block) => _responses.Start(block.Scalars.Span[0], block.SubjectRows[0]);

    /// <summary>Fits a tile.</summary>
    /// <param name="first">Its first element.</param>
    /// <param name="lanes">The number of its elements.</param>
    public void Fit(int first, int lanes)
    {
        _first = first;
        _lanes.Fit(_responses.At(first, lanes), lanes);
    }

    /// <summary>Copies an element of the tile; false: it was not fitted.</summary>
    public bool TryLoad(int lane, StructuredSolution solution)
    {
        var element = _first + lane;
        if (_wholeMeansAllSubjects && _responses.CountFinite(element) < _engine.Subjects)
            return false;
        if (
            _lanes.Shared.Rows.Length <= _engine.Threshold
            && _responses.CountFinite(element, _engine.Design.Subset.Rows) <= _engine.Threshold
        )
            return false;
        return _lanes.TryLoad(lane, solution);
    }
}
