using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Tiles;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed;

/// <summary>Fits of tiles of consecutive elements on the groups of the whole cohort. A workspace of one thread.</summary>
internal sealed class WholeCohortFits
{
    private readonly MixedEngine _engine;
    private readonly TileFits _fits;
    private readonly ResponseTile _responses;
    private readonly int[] _elements = new int[TileKernel.Width];
    private readonly bool _wholeMeansAllSubjects;
    private readonly bool _countsSubjects;

    public WholeCohortFits(MixedEngine engine, SharedGroups design, TileWorkspace workspace)
    {
        (_engine, _responses) = (engine, new(design));
        _fits = new(engine, design, workspace);
        _wholeMeansAllSubjects = engine.Design.RebuildsOnRows && design.Rows.Length < engine.Subjects;
        _countsSubjects = design.Rows.Length <= engine.Threshold;
    }

    /// <summary>Fits the elements of a block that this can.</summary>
    /// <param name="block">The block.</param>
    /// <param name="fits">Receives the fits.</param>
    /// <param name="isLeft">Receives for each element whether it was not fitted here.</param>
    public void Fit(in ScalarBlock block, MixedFits fits, Span<bool> isLeft)
    {
        _responses.Start(block.Scalars.Span[0], block.SubjectRows[0]);
        for (var first = 0; first < block.Count; first += TileKernel.Width)
        {
            var lanes = Math.Min(TileKernel.Width, block.Count - first);
            for (var lane = 0; lane < lanes; lane++)
            {
                _elements[lane] = first + lane;
                isLeft[first + lane] = IsRefused(first + lane);
            }
            _fits.Fit(_responses.At(first, lanes), _elements.AsSpan(0, lanes), fits, isLeft.Slice(first, lanes));
        }
    }

    /// <summary>Whether the rows of an element that has them all are not those of the design, or too few.</summary>
    private bool IsRefused(int element) =>
        (_wholeMeansAllSubjects && _responses.CountFinite(element) < _engine.Subjects)
        || (_countsSubjects && _responses.CountFinite(element, _engine.Design.Subset.Rows) <= _engine.Threshold);
}
