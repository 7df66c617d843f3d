using HpcFit.Coordinator.Monitoring.Progress;

namespace HpcFit.Coordinator.Tests.Monitoring;

public class ProgressEstimateTests
{
    [Fact]
    public void The_rate_is_that_of_the_last_half_minute()
    {
        var estimate = new ProgressEstimate(1_000_000);
        for (var second = 0; second <= 60; second++)
            estimate.Add(TimeSpan.FromSeconds(second), second * 10);
        for (var second = 61; second <= 120; second++)
            estimate.Add(TimeSpan.FromSeconds(second), 600 + ((second - 60) * 1000));
        estimate.ElementsPerSecond.ShouldBe(1000, 1e-9);
        estimate.Left!.Value.TotalSeconds.ShouldBe((1_000_000 - 60_600) / 1000.0, 1e-9);
    }

    /// <summary>
    /// Shuffles are published some hundred at a time: between two additions the rate stays, and falls when one is overdue.
    /// </summary>
    [Theory]
    [InlineData(60, 3)]
    [InlineData(99, 3)]
    [InlineData(100, 3)]
    [InlineData(139, 3)]
    [InlineData(161, 120.0 / 121)]
    public void Additions_in_large_steps_have_a_rate_between_them(int now, double rate)
    {
        var estimate = new ProgressEstimate(6_000);
        for (var second = 0; second <= now; second++)
            estimate.Add(TimeSpan.FromSeconds(second), Math.Min(second / 40 * 120, 240));
        estimate.ElementsPerSecond.ShouldBe(rate, 1e-9);
    }

    [Fact]
    public void Before_a_second_look_there_is_no_rate()
    {
        var estimate = new ProgressEstimate(100);
        estimate.Add(TimeSpan.Zero, 40);
        (estimate.ElementsPerSecond, estimate.Left, estimate.Part).ShouldBe((0, null, 0.4));
    }

    [Fact]
    public void Done_elements_never_grow_fewer()
    {
        var estimate = new ProgressEstimate(100);
        estimate.Add(TimeSpan.Zero, 40);
        estimate.Add(TimeSpan.FromSeconds(1), 10);
        estimate.Done.ShouldBe(40);
    }
}
