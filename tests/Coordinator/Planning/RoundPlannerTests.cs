using FsCheck;
using FsCheck.Fluent;
using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Planning;

public class RoundPlannerTests
{
    private static readonly JobCost Cost = new()
    {
        Start = TimeSpan.FromSeconds(0.2),
        SecondsPerElement = 1e-3,
        SecondsPerStripe = 2e-3,
        BytesPerWorker = 60_000_000,
        BytesPerThread = 10_000_000,
    };

    [Fact]
    public void Jobs_are_disjoint_and_hold_exactly_what_is_lacking_and_share_no_stripe()
    {
        var ranges = Gen.Choose(0, 400).Two().Select(pair => new ElementRange(pair.Item1, pair.Item2)).ListOf();
        var wishes = Gen.Choose(1, 30)
            .SelectMany(n =>
                Gen.Elements(
                    new Partition { Jobs = n },
                    new Partition { ElementsPerJob = n },
                    new Partition { TargetTime = TimeSpan.FromSeconds(n / 20.0) },
                    new Partition { Workers = n, Threads = 2 }
                )
            );
        var cases = ranges.Zip(Gen.Choose(1, 50)).Zip(wishes).ToArbitrary();
        Prop.ForAll(
                cases,
                one =>
                {
                    var lacking = ElementSet.From(one.Item1.Item1);
                    var grid = new StripeGrid(one.Item1.Item2);
                    var jobs = RoundPlanner.Cut(lacking, grid, ReadingDominates, one.Item2);

                    ElementSet.From(jobs.SelectMany(job => job)).ShouldBe(lacking);
                    jobs.Sum(job => job.Count).ShouldBe(lacking.Count);
                    jobs.ShouldAllBe(job => !job.IsEmpty);
                    jobs.Sum(grid.CountTouched).ShouldBe(grid.CountTouched(lacking));

                    var inside = RoundPlanner.Cut(lacking, grid, FittingDominates, one.Item2);
                    ElementSet.From(inside.SelectMany(job => job)).ShouldBe(lacking);
                    inside.Sum(job => job.Count).ShouldBe(lacking.Count);
                    inside.ShouldAllBe(job => !job.IsEmpty);
                    if (one.Item2.Jobs is { } asked)
                        inside.Count.ShouldBe((int)Math.Min(asked, lacking.Count));
                    if (one.Item2.ElementsPerJob is { } most)
                        inside.ShouldAllBe(job => job.Count <= most);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(99, 99)]
    [InlineData(500, 100)]
    public void As_many_jobs_as_asked_for_but_never_more_than_stripes_where_reading_dominates(int asked, int expected) =>
        RoundPlanner
            .Cut(ElementSet.From(0, 1000), new StripeGrid(10), ReadingDominates, new Partition { Jobs = asked })
            .Count.ShouldBe(expected);

    [Fact]
    public void Jobs_differ_by_little_more_than_a_stripe()
    {
        var jobs = RoundPlanner.Cut(ElementSet.From(0, 10_000), new StripeGrid(10), Cost, new Partition { Jobs = 64 });
        (jobs.Max(job => job.Count) - jobs.Min(job => job.Count)).ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public void A_few_elements_in_many_stripes_cost_as_much_as_the_stripes_they_touch()
    {
        var sparse = ElementSet.From(Enumerable.Range(0, 500).Select(stripe => new ElementRange(stripe * 100, stripe * 100 + 1)));
        var dense = ElementSet.From(50_000, 50_500);
        var jobs = RoundPlanner.Cut(sparse.Union(dense), new StripeGrid(100), Cost, new Partition { Jobs = 2 });
        jobs[0].Count.ShouldBeLessThan(jobs[1].Count);
    }

    [Fact]
    public void No_job_holds_more_elements_than_asked_for_unless_one_stripe_does()
    {
        RoundPlanner
            .Cut(ElementSet.From(0, 1005), new StripeGrid(10), Cost, new Partition { ElementsPerJob = 35 })
            .ShouldAllBe(job => job.Count <= 30);
        RoundPlanner
            .Cut(ElementSet.From(0, 1005), new StripeGrid(100), ReadingDominates, new Partition { ElementsPerJob = 35 })
            .ShouldAllBe(job => job.Count == 100 || job.Count == 5);
        RoundPlanner
            .Cut(ElementSet.From(0, 1005), new StripeGrid(100), Cost, new Partition { ElementsPerJob = 35 })
            .ShouldAllBe(job => job.Count <= 35);
    }

    [Fact]
    public void Jobs_last_about_the_target_time()
    {
        var grid = new StripeGrid(10);
        var partition = new Partition { TargetTime = TimeSpan.FromSeconds(10), Threads = 2 };
        var jobs = RoundPlanner.Cut(ElementSet.From(0, 1_000_000), grid, Cost, partition);
        jobs.ShouldAllBe(job => Math.Abs(Cost.Time(job, grid, 2).TotalSeconds - 10) < 0.2);
    }

    [Fact]
    public void By_default_a_tiny_run_is_one_job_for_each_worker_and_a_long_one_four()
    {
        var partition = new Partition { Workers = 3 };
        RoundPlanner.Cut(ElementSet.From(0, 10), new StripeGrid(10), Cost, partition).Count.ShouldBe(1);
        RoundPlanner.Cut(ElementSet.From(0, 40), new StripeGrid(10), Cost, partition).Count.ShouldBe(3);
        RoundPlanner.Cut(ElementSet.From(0, 40), new StripeGrid(10), Cost, new Partition()).Count.ShouldBe(1);
        RoundPlanner.Cut(ElementSet.From(0, 2_000), new StripeGrid(10), Cost, partition).Count.ShouldBe(3);
        RoundPlanner.Cut(ElementSet.From(0, 1_000_000), new StripeGrid(10), Cost, partition).Count.ShouldBe(12);
    }

    [Fact]
    public void Ten_thousand_jobs_over_a_hundred_million_elements_take_memory_by_the_job()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var round = RoundOf(RoundPlanner.Cut(ElementSet.From(0, 100_000_000), new StripeGrid(262), Cost, new Partition { Jobs = 10_000 }));
        var forecast = Forecast.Create(round, new StripeGrid(262), Cost, new Partition { Workers = 500 });
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000 * 10_000L);
        round.Jobs.Count.ShouldBe(10_000);
        forecast.Elements.ShouldBe(100_000_000);
        forecast.Stripes.ShouldBe(381_680);
    }

    [Fact]
    public void A_forecast_hands_jobs_to_the_worker_that_comes_free_first()
    {
        var round = RoundOf([ElementSet.From(0, 100), ElementSet.From(100, 110), ElementSet.From(110, 120)]);
        var cost = Cost with { Start = TimeSpan.Zero, SecondsPerStripe = 0, SecondsPerElement = 1 };
        var forecast = Forecast.Create(round, new StripeGrid(10), cost, new Partition { Workers = 2 });
        forecast.Total.ShouldBe(TimeSpan.FromSeconds(100));
        forecast.LongestJob.ShouldBe(TimeSpan.FromSeconds(100));
        forecast.BytesPerWorker.ShouldBe(70_000_000);
    }

    /// <summary>Forty elements of a quarter of a second in one stripe: cut for four workers, as for one with four threads.</summary>
    [Fact]
    public void Slow_elements_of_one_stripe_occupy_every_worker()
    {
        var cost = FittingDominates with { SecondsPerElement = 0.25 };
        var (forty, grid) = (ElementSet.From(0, 40), new StripeGrid(40));
        var jobs = RoundPlanner.Cut(forty, grid, cost, new Partition { Workers = 4 });
        jobs.Select(job => job.Count).ShouldBe([10, 10, 10, 10]);
        Forecast.Create(RoundOf(jobs), grid, cost, new Partition { Workers = 4 }).Stripes.ShouldBe(4);
        RoundPlanner.Cut(forty, grid, cost, new Partition { Threads = 4 }).Count.ShouldBe(1);
        cost.Time(forty, grid, 4).TotalSeconds.ShouldBe(0.2 + 2.5, 0.01);
        // Reading that takes as long as fitting ten elements is repeated on request only.
        RoundPlanner.Cut(forty, grid, cost with { SecondsPerStripe = 2.5 }, new Partition { Workers = 4 }).Count.ShouldBe(1);
        RoundPlanner.Cut(forty, grid, cost with { SecondsPerStripe = 2.5 }, new Partition { Jobs = 4 }).Count.ShouldBe(4);
    }

    private static JobCost ReadingDominates => Cost with { SecondsPerStripe = 1 };

    private static JobCost FittingDominates => Cost with { SecondsPerStripe = 1e-6 };

    private static Round RoundOf(IEnumerable<ElementSet> jobs) =>
        new(new(1), [.. jobs.Select((elements, number) => new Job(new(number), elements))]);
}
