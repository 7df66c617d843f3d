using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed.Tiles;

/// <summary>The kernel at one register width.</summary>
/// <typeparam name="TLanes">The register of the search.</typeparam>
internal sealed partial class MixedKernel<TLanes> : MixedKernel
    where TLanes : struct, ILanes<TLanes>
{
    private const int Width = TileKernel.Width;

    private readonly GroupSums _sums;
    private readonly SharedGroups _design;
    private readonly GroupedDesign _tables;
    private readonly bool _isRestricted;
    private readonly int _rank;
    private readonly int _classes;
    private readonly int _degrees;

    public MixedKernel(SharedGroups design, bool isRestricted, GroupSums sums)
    {
        _sums = sums;
        (_design, _tables, _isRestricted) = (design, design.Tables, isRestricted);
        (_rank, _classes) = (_tables.Rank, design.Classes);
        _degrees = isRestricted ? _tables.Rows - _rank : _tables.Rows;
        var together = Math.Min(ClassesAtOnce, _classes);
        (_shrinkage, _scaled) = (new TLanes[together], new TLanes[together]);
        (_squared, _cubed) = (new TLanes[together], new TLanes[together]);
        (_crossSlope, _crossBend) = (new TLanes[_rank], new TLanes[_rank]);
        _atPoints = new TLanes[(_rank + 1) * SharedGroups.PaddedPoints];
        var packed = design.PackedWithin.Length;
        (_factor, _inverse, _decline, _bend) = (new TLanes[packed], new TLanes[packed], new TLanes[packed], new TLanes[packed]);
        (_ordinary, _shift, _push, _solved) = (new TLanes[_rank], new TLanes[_rank], new TLanes[_rank], new TLanes[_rank]);
        (_lower, _row, _inversePivots) = (new TLanes[packed], new TLanes[_rank], new TLanes[_rank]);
        for (var point = 0; point < ProfileGrid.Points; point++)
            _pointScales[point] = design.PointScale(point, isRestricted, _degrees);
    }

    /// <inheritdoc/>
    public override void Fit(in ElementTile responses, int lanes, MixedTile tile)
    {
        tile.Reserve(_design);
        _sums.Sum(responses, lanes, tile);
        for (var lane = 0; lane < lanes; lane += TLanes.Count)
            Search(tile, lane);
    }
}
