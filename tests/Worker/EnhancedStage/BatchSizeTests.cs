using HpcFit.Shared.Elements;
using HpcFit.Worker.EnhancedStage;

namespace HpcFit.Worker.Tests.EnhancedStage;

public class BatchSizeTests
{
    [Theory]
    [InlineData(1, 600_000, 768L << 20, 0.0, 256)]
    [InlineData(2, 600_000, 768L << 20, 0.0, 167)]
    [InlineData(1, 600_000, 768L << 20, 1.0, 60)]
    [InlineData(1, 600_000, 1L, 0.0, 1)]
    [InlineData(1, 100, 768L << 20, 1e9, 1)]
    public void A_batch_fits_into_memory_and_is_little_work_to_lose(
        int hypotheses,
        int elements,
        long bytes,
        double seconds,
        int expected
    ) => BatchSize.Create(hypotheses, elements, bytes, seconds).ShouldBe(expected);

    [Theory]
    [InlineData(256, 1, 600_000, 768L << 20, 0.0, 1)]
    [InlineData(256, 1, 6_000, 768L << 20, 0.0, 8)]
    [InlineData(256, 2, 20_000, 768L << 20, 0.0, 3)]
    [InlineData(256, 1, 6_000, 13L << 20, 0.0, 2)]
    [InlineData(256, 1, 6_000, 768L << 20, 0.1, 2)]
    [InlineData(60, 1, 6_000, 768L << 20, 1.0, 1)]
    public void Batches_share_a_pass_if_they_fit_into_memory_and_are_little_work_to_lose(
        int size,
        int hypotheses,
        int elements,
        long bytes,
        double seconds,
        int expected
    ) => BatchSize.Together(size, hypotheses, elements, bytes, seconds).ShouldBe(expected);

    [Fact]
    public void Batches_do_not_cross_the_grid()
    {
        var batches = BatchSize.Cut(ElementSet.From([new(100, 300), new(400, 1000)]), 150).ToList();
        batches.ShouldBe([
            new(100, 250),
            new(250, 256),
            new(256, 300),
            new(400, 512),
            new(512, 662),
            new(662, 768),
            new(768, 918),
            new(918, 1000),
        ]);
    }
}
