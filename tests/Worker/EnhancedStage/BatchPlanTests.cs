using HpcFit.Shared.Elements;
using HpcFit.Worker.EnhancedStage;

namespace HpcFit.Worker.Tests.EnhancedStage;

public class BatchPlanTests
{
    private const long Memory = BatchPlan.DefaultBytes;

    /// <summary>Of 256 shuffles, a cell of the grid: the sizes of its batches, each of which is a pass.</summary>
    [Theory]
    [InlineData(1, 600_000, Memory, 0.0, "256")]
    [InlineData(2, 600_000, Memory, 0.0, "128 128")] // memory of 167
    [InlineData(1, 600_000, Memory, 0.242, "256")] // 62 s
    [InlineData(1, 600_000, Memory, 0.34, "256")] // 87 s
    [InlineData(1, 600_000, Memory, 0.36, "128 128")] // 92 s
    [InlineData(2, 600_000, Memory, 0.242, "128 128")]
    [InlineData(3, 600_000, Memory, 0.242, "85 85 86")] // memory of 111
    [InlineData(1, 600_000, Memory, 1.0, "64 64 64 64")]
    [InlineData(1, 600_000, 3L << 20, 0.1, "1", 256)]
    [InlineData(1, 600_000, 1L, 0.0, "1", 256)]
    [InlineData(1, 100, Memory, 1e9, "1", 256)]
    public void A_batch_fits_into_memory_and_lasts_about_a_minute(
        int hypotheses,
        int elements,
        long bytes,
        double seconds,
        string expected,
        int times = 1
    ) => Text(ElementSet.From(256, 512), hypotheses, elements, bytes, seconds).ShouldBe(string.Join(" | ", Repeat(expected, times)));

    [Theory]
    [InlineData(1, 600_000, Memory, 0.0, "256 | 256 | 256 | 256 | 176")]
    [InlineData(1, 6_000, Memory, 0.0, "256 256 256 256 176")]
    [InlineData(2, 20_000, Memory, 0.0, "256 256 | 256 256 176")] // three fit into memory
    [InlineData(1, 6_000, 13L << 20, 0.0, "256 | 256 256 | 256 176")] // two
    [InlineData(1, 6_000, Memory, 0.06, "256 256 256 256 176")] // 72 s in all
    [InlineData(1, 6_000, Memory, 0.1, "256 256 | 256 256 176")] // 120 s
    [InlineData(1, 6_000, Memory, 0.25, "256 | 256 | 256 | 256 | 176")]
    public void Batches_share_a_pass_if_they_fit_into_memory_and_last_about_a_minute(
        int hypotheses,
        int elements,
        long bytes,
        double seconds,
        string expected
    ) => Text(ElementSet.From(0, 1_200), hypotheses, elements, bytes, seconds).ShouldBe(expected);

    [Fact]
    public void At_most_eight_batches_share_a_pass() =>
        Text(ElementSet.From(0, 9 * 256), 1, 100, Memory, 0).ShouldBe("256 256 256 256 | 256 256 256 256 256");

    /// <summary>What a stopped job, or a run with fewer shuffles, left.</summary>
    [Fact]
    public void Ranges_that_begin_anywhere_are_cut_at_the_grid_into_equal_parts()
    {
        var shuffles = ElementSet.From([new(100, 300), new(400, 1000)]);
        var plan = new BatchPlan(shuffles, 1, 1000, bytes: 4000 * 150, secondsPerShuffle: 0);
        plan.Passes.SelectMany(pass => pass)
            .ShouldBe([
                new(100, 178),
                new(178, 256),
                new(256, 300),
                new(400, 512),
                new(512, 640),
                new(640, 768),
                new(768, 884),
                new(884, 1000),
            ]);
        (plan.LargestBatch, plan.MostTogether).ShouldBe((128, 1));
    }

    /// <summary>Whatever is asked for, every shuffle is in one batch, and memory is not exceeded.</summary>
    [Fact]
    public void Every_plan_covers_its_shuffles_once_within_memory()
    {
        var random = new Random(1);
        for (var time = 0; time < 2_000; time++)
        {
            var shuffles = ElementSet.From(
                Enumerable
                    .Range(0, random.Next(1, 6))
                    .Select(_ => (long)random.Next(3_000))
                    .Select(first => new ElementRange(first, first + random.Next(1, 700)))
            );
            var bytesPerShuffle = sizeof(float) * 1_000L;
            var bytes = (long)(bytesPerShuffle * Math.Exp(8 * random.NextDouble()));
            var plan = new BatchPlan(shuffles, 1, 1_000, bytes, random.Next(2) * Math.Exp(random.Next(-7, 3)));
            var batches = plan.Passes.SelectMany(pass => pass).ToList();
            batches.Sum(batch => batch.Count).ShouldBe(shuffles.Count);
            ElementSet.From(batches).ShouldBe(shuffles);
            batches.ShouldAllBe(batch => batch.First / 256 == (batch.End - 1) / 256);
            (plan.LargestBatch, plan.MostTogether).ShouldBe(((int)batches.Max(batch => batch.Count), plan.Passes.Max(pass => pass.Count)));
            (plan.LargestBatch * plan.MostTogether * bytesPerShuffle).ShouldBeLessThanOrEqualTo(bytes);
        }
    }

    private static IEnumerable<string> Repeat(string text, int times) => Enumerable.Repeat(text.Replace(" ", " | "), times);

    private static string Text(ElementSet shuffles, int hypotheses, int elements, long bytes, double seconds) =>
        string.Join(
            " | ",
            new BatchPlan(shuffles, hypotheses, elements, bytes, seconds).Passes.Select(pass =>
                string.Join(' ', pass.Select(batch => batch.Count))
            )
        );
}
