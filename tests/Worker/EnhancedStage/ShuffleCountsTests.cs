using HpcFit.Worker.EnhancedStage;

namespace HpcFit.Worker.Tests.EnhancedStage;

public class ShuffleCountsTests
{
    /// <summary>Against the definition, at lengths that are no multiple of a register, with ties, zeros, signs and NaN.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(133)]
    public void Counts_are_those_of_the_definition(int count)
    {
        var random = new Random(count);
        const int length = 200;
        const int shuffles = 37;
        float[] some = [-2, -1, -0f, 0, 1, 2, float.NaN];
        var maps = Enumerable.Range(0, shuffles * length).Select(_ => some[random.Next(some.Length)]).ToArray();
        const int first = 61;
        var unpermuted = maps.AsSpan(first, count).ToArray();
        var counters = new int[3 * ShuffleCounts.Chunk];
        Array.Fill(counters, 99);
        ShuffleCounts.Count(unpermuted, maps, first, length, counters);
        for (var e = 0; e < count; e++)
        {
            var of = Enumerable.Range(0, shuffles).Select(k => maps[(k * length) + first + e]).ToList();
            counters[e].ShouldBe(of.Count(value => value >= unpermuted[e]));
            counters[ShuffleCounts.Chunk + e].ShouldBe(of.Count(value => value <= unpermuted[e]));
            counters[(2 * ShuffleCounts.Chunk) + e].ShouldBe(of.Count(value => Math.Abs(value) >= Math.Abs(unpermuted[e])));
        }
    }
}
