using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

public sealed class CountedMapReceiverTests
{
    /// <summary>Half-way between two float32, the last bit of double decides which is nearer, and an enhanced map differs.</summary>
    [Fact]
    public void Statistics_that_tie_are_the_same_in_maps()
    {
        var unpermuted = 1 + (0.5 * Math.ScaleB(1, -23));
        var counts = new ExtremesAndCounts(new(3, 1));
        counts.Start(tiles: 1);
        var maps = new StatisticMaps(1, TileKernel.Width, 3, areCounted: true);
        maps.Begin(new ElementRange(0, 3));
        var receiver = new MapReceiver([TestedSide.Both]);
        receiver.Start(maps, 0, TileKernel.Width, null);
        var counted = new CountedMapReceiver(counts, receiver);
        counted.ReceiveErrors(0, 0, Lanes(1e-15));
        foreach (var (shuffle, statistic) in new[] { unpermuted, Math.BitIncrement(unpermuted), -Math.BitIncrement(unpermuted) }.Index())
            counted.Receive(0, shuffle, 0, Lanes(statistic));
        maps.Map(0, 0)[0].ShouldNotBe((float)Math.BitIncrement(unpermuted));
        maps.Map(0, 1)[0].ShouldBe(maps.Map(0, 0)[0]);
        maps.Map(0, 2)[0].ShouldBe(-maps.Map(0, 0)[0]);
    }

    private static double[] Lanes(double value) => [.. Enumerable.Repeat(value, TileKernel.Width)];
}
