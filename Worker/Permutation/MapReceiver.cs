using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>Stores statistics, or their z, as float32 maps. A workspace of one thread.</summary>
/// <param name="sides">
/// For each hypothesis the side that is tested. Statistics on the other one, and negative z of F, are stored as 0, so that they are not
/// enhanced and support no neighbour.
/// </param>
internal sealed class MapReceiver(IReadOnlyList<TestedSide> sides) : StatisticReceiver
{
    private StatisticMaps? _maps;
    private IReadOnlyList<NormalScores>? _scores;
    private IReadOnlyList<int>? _places;
    private int _first;
    private int _count;

    /// <summary>Takes the maps of all elements of a block.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="first">The id of the block's first element.</param>
    /// <param name="count">The number of its elements.</param>
    /// <param name="scores">For each hypothesis the conversion to z; null: the statistics are stored.</param>
    public void Start(StatisticMaps maps, int first, int count, IReadOnlyList<NormalScores>? scores) =>
        (_maps, _first, _count, _scores, _places) = (maps, first, count, scores, null);

    /// <summary>Takes some elements of the block.</summary>
    /// <param name="places">Their places in the block.</param>
    /// <param name="scores">For each hypothesis the conversion to z; null: the statistics are stored.</param>
    public void Restart(IReadOnlyList<int> places, IReadOnlyList<NormalScores>? scores) =>
        (_count, _scores, _places) = (places.Count, scores, places);

    /// <inheritdoc/>
    public override void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics)
    {
        var skip = tile * TileKernel.Width;
        var lanes = statistics[..Math.Min(TileKernel.Width, _count - skip)];
        _scores?[hypothesis].Convert(lanes);
        var map = _maps!.Map(hypothesis, (int)(shuffle - _maps.Shuffles.First))[_first..];
        if (sides[hypothesis] is var side && side != TestedSide.Both)
            RemoveOther(side, statistics[..TileKernel.Width]);
        if (_places is not null)
        {
            for (var lane = 0; lane < lanes.Length; lane++)
                map[_places[skip + lane]] = (float)lanes[lane];
            return;
        }
        var part = map.Slice(skip, lanes.Length);
        if (lanes.Length < TileKernel.Width)
        {
            for (var lane = 0; lane < lanes.Length; lane++)
                part[lane] = (float)lanes[lane];
            return;
        }
        for (var lane = 0; lane < TileKernel.Width; lane += Vector256<float>.Count)
            Vector256
                .Narrow(Vector256.Create<double>(lanes[lane..]), Vector256.Create<double>(lanes[(lane + Vector256<double>.Count)..]))
                .CopyTo(part[lane..]);
    }

    /// <summary>Replaces statistics on the side that is not tested by 0. A comparison with NaN is false, so NaN stays.</summary>
    private static void RemoveOther(TestedSide side, Span<double> statistics)
    {
        foreach (ref var lanes in MemoryMarshal.Cast<double, Vector512<double>>(statistics))
        {
            var isOther =
                side == TestedSide.Upper
                    ? Vector512.LessThanOrEqual(lanes, Vector512<double>.Zero)
                    : Vector512.GreaterThanOrEqual(lanes, Vector512<double>.Zero);
            lanes = Vector512.ConditionalSelect(isOther, Vector512<double>.Zero, lanes);
        }
    }
}
