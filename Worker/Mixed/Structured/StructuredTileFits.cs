using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>
/// Fits of tiles of elements on the rows of the whole cohort. <see cref="StructuredElement"/> fits the elements with missing subjects and
/// those that the kernel does not fit. The choice depends on an element's own values only. A workspace of one thread; allocates nothing
/// per element.
/// </summary>
internal sealed class StructuredTileFits
{
    private readonly StructuredEngine _engine;
    private readonly SharedStructure _shared;
    private readonly StructuredKernel _kernel;
    private readonly ResponseTile _responses;
    private readonly StructuredTile _tile;
    private readonly bool _wholeMeansAllSubjects;
    private int _first;

    public StructuredTileFits(StructuredEngine engine, SharedStructure shared, StartLattice lattice)
    {
        (_engine, _shared) = (engine, shared);
        _kernel = StructuredKernel.Create(engine.Kernel, shared, lattice, !engine.Options.Ml);
        (_responses, _tile) = (new(shared), new(shared));
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
        _kernel.Fit(_responses.At(first, lanes), _tile);
    }

    /// <summary>Copies an element of the tile; the status <see cref="ElementStatus.NoConvergence"/> means that it was not fitted.</summary>
    public ElementStatus Load(int lane, StructuredSolution solution)
    {
        var (tables, element) = (_shared.Tables, _first + lane);
        if (BitConverter.DoubleToInt64Bits(_tile.IsFitted[lane]) == 0)
            return ElementStatus.NoConvergence;
        if (_wholeMeansAllSubjects && _responses.CountFinite(element) < _engine.Subjects)
            return ElementStatus.NoConvergence;
        if (tables.Rows <= _engine.Threshold && _responses.CountFinite(element, _engine.Design.Subset.Rows) <= _engine.Threshold)
            return ElementStatus.NoConvergence;
        solution.Load(tables, _tile, lane, _engine.Options.Ml ? tables.Rows : tables.Rows - tables.Rank);
        return tables.Rank < _engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
    }
}
