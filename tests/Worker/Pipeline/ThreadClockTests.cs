using HpcFit.Worker.Probing;

namespace HpcFit.Worker.Tests.Pipeline;

public class ThreadClockTests
{
    [Fact]
    public void Waiting_costs_no_processor_time_and_counts_where_another_process_works()
    {
        var (processor, wall) = (new ThreadClock(ofProcessor: true), new ThreadClock(ofProcessor: false));
        var (processorBefore, wallBefore) = (processor.Seconds, wall.Seconds);
        Thread.Sleep(300);
        (processor.Seconds - processorBefore).ShouldBeLessThan(0.2);
        (wall.Seconds - wallBefore).ShouldBeGreaterThan(0.29);
    }
}
