using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Tests.Planning;

/// <summary>Six thousand elements of 100 ms in stripes of 3,000: whatever is asked for, there are two jobs at most.</summary>
public class UnmetRequestTests
{
    private static readonly ProbeEstimates Estimates = new()
    {
        ElementsPerStripe = 3000,
        Stripes = 2,
        SecondsPerElement = 0.1,
        BaseBytes = 1,
        BytesPerThread = 1,
    };

    [Fact]
    public void A_wish_that_is_not_met_is_named_with_the_reason()
    {
        Lines(new() { Jobs = 12 })
            .ShouldBe(["--jobs 12 gives 2 jobs: jobs are cut between stripes of 3,000 elements, so that none is read twice."]);
        Lines(new() { ElementsPerJob = 250 })
            .ShouldHaveSingleItem()
            .ShouldStartWith("--elements-per-job 250 gives jobs of up to 3,000 elements:");
        Lines(new() { TargetTime = TimeSpan.FromMinutes(1) })
            .ShouldHaveSingleItem()
            .ShouldStartWith("--target-time 1 min 0 s gives jobs of up to 5 min 0 s:");
    }

    [Fact]
    public void Slow_elements_are_cut_inside_stripes_as_far_as_reading_again_is_worth_it()
    {
        var slow = Estimates with { FitSecondsPerElement = 0.1, SecondsPerStripe = 0.05 };
        Lines(new() { Jobs = 12 }, slow).ShouldBeEmpty();
        Lines(new() { ElementsPerJob = 250 }, slow).ShouldBeEmpty();
        Lines(new() { TargetTime = TimeSpan.FromMinutes(1) }, slow).ShouldBeEmpty();
        Lines(new() { Jobs = 6001 }, slow).ShouldBe(["--jobs 6001 gives 6,000 jobs: there are no more elements."]);
        Lines(new() { ElementsPerJob = 10 }, slow with { SecondsPerStripe = 2 })
            .ShouldBe([
                "--elements-per-job 10 gives jobs of up to 20 elements: reading a stripe again takes as long as fitting 20 elements, so a "
                    + "part of a stripe has at least that many.",
            ]);
        Lines(new() { Jobs = 12 }, slow with { SecondsPerStripe = 400 })
            .ShouldBe([
                "--jobs 12 gives 2 jobs: jobs are cut between stripes of 3,000 elements, because reading a stripe again would take longer "
                    + "than fitting its elements.",
            ]);
    }

    [Fact]
    public void A_request_that_is_met_has_no_line()
    {
        Lines(new() { Jobs = 2 }).ShouldBeEmpty();
        Lines(new() { ElementsPerJob = 3000 }).ShouldBeEmpty();
        Lines(new() { TargetTime = TimeSpan.FromMinutes(5) }).ShouldBeEmpty();
        Lines(new()).ShouldBeEmpty();
    }

    private static List<string> Lines(Partition requested, ProbeEstimates? estimates = null)
    {
        var cutter = RoundCutter.Create(estimates ?? Estimates, requested);
        var jobs = cutter.Cut(ElementSet.From(0, 6000)).Select((elements, number) => new Job(new(number), elements)).ToList();
        return [.. UnmetRequest.Lines(requested, jobs, cutter)];
    }
}
