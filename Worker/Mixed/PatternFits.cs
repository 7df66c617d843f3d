using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Profile;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Mixed;

/// <summary>
/// Fits of tiles of elements that have the same missing subjects. A workspace of one thread, which allocates per pattern.
/// </summary>
internal sealed class PatternFits(MixedEngine engine, MixedElement byElement, TileWorkspace workspace)
{
    private readonly Func<GroupedDesign, TileFits> _create = tables => new(engine, new(tables), workspace);
    private readonly ElementsByPattern _order = new(engine.Subjects);
    private readonly GatheredTile _gathered = new();
    private readonly int[] _elements = new int[TileKernel.Width];
    private readonly bool[] _isLeft = new bool[TileKernel.Width];

    /// <summary>Fits elements of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="fits">Receives the fits.</param>
    /// <param name="isLeft">Which elements to fit; receives which of them were not fitted here.</param>
    public void Fit(in ScalarBlock block, MixedFits fits, Span<bool> isLeft)
    {
        var (response, subjectRows) = (block.Scalars.Span[0], block.SubjectRows[0]);
        _order.Sort(response, subjectRows, isLeft);
        for (int place = 0, end; place < _order.Count; place = end)
        {
            end = _order.EndOfPattern(place);
            if (byElement.Load(block, _order[place]) is { } problem)
            {
                for (var i = place; i < end; i++)
                    (fits.Status[_order[i]], isLeft[_order[i]]) = (problem, false);
                continue;
            }
            var tile = byElement.Tiles(_create);
            for (var first = place; first < end; first += TileKernel.Width)
            {
                var lanes = Math.Min(TileKernel.Width, end - first);
                for (var lane = 0; lane < lanes; lane++)
                    (_elements[lane], _isLeft[lane]) = (_order[first + lane], false);
                var elements = _elements.AsSpan(0, lanes);
                tile.Fit(_gathered.Copy(tile.Design, response, subjectRows, elements), elements, fits, _isLeft.AsSpan(0, lanes));
                for (var lane = 0; lane < lanes; lane++)
                    isLeft[elements[lane]] = _isLeft[lane];
            }
        }
    }
}
