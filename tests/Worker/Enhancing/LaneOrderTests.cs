using System.Runtime.Intrinsics;
using HpcFit.Worker.Enhancing.Connectivity;

namespace HpcFit.Worker.Tests.Enhancing;

public sealed class LaneOrderTests
{
    [Theory]
    [InlineData(1, 124)]
    [InlineData(2, 3)] // many equal ones
    [InlineData(3, 1)]
    public void The_lowest_map_of_each_half_is_paired_with_the_highest(int seed, int end)
    {
        var random = new Random(seed);
        var heights = Enumerable.Range(0, 32).Select(_ => (sbyte)random.Next(end)).ToArray();

        var order = LaneOrder.Arrange(Vector256.Create(heights));

        for (var half = 0; half < 32; half += 16)
        {
            var lanes = Enumerable.Range(half, 16).Select(position => (int)order[position]).ToList();
            lanes.Order().ShouldBe(Enumerable.Range(0, 16));
            var (lower, higher) = (lanes.Where((_, at) => at % 2 == 0), lanes.Where((_, at) => at % 2 == 1).Reverse());
            lower.Concat(higher).Select(lane => heights[half + lane]).ShouldBe(heights[half..(half + 16)].Order());
        }
    }
}
