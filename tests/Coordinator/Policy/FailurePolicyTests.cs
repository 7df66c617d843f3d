using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Policy;

public class FailurePolicyTests
{
    private const long Elements = 1000;
    private const long Memory = 100_000_000;

    private static readonly RoundCutter Cutter = new(
        new StripeGrid(10),
        new()
        {
            Start = TimeSpan.FromSeconds(1),
            SecondsPerElement = 1,
            SecondsPerStripe = 0,
            BytesPerWorker = Memory - 10_000_000,
            BytesPerThread = 10_000_000,
        },
        new Partition { Jobs = 4 }
    );

    private static readonly AdvanceLimits Limits = new() { MaxMemoryBytes = 8 * Memory };

    [Fact]
    public void A_run_without_rounds_is_cut_as_wished_into_all_that_is_wanted()
    {
        var start = Decide(new Story()).ShouldBeOfType<StartRound>();
        start.IsRetry.ShouldBeFalse();
        start.Jobs.Count.ShouldBe(4);
        start.Jobs.Select(job => job.Id.Value).ShouldBe([0, 1, 2, 3]);
        ElementSet.From(start.Jobs.SelectMany(job => job.Elements)).ShouldBe(ElementSet.From(0, Elements));
    }

    [Fact]
    public void A_run_with_all_results_is_merged_whatever_its_jobs_said() =>
        Decide(new Story().Round(JobOutcomeKind.Crashed).Covers(0, Elements)).ShouldBeOfType<MergeNow>();

    [Fact]
    public void While_jobs_may_add_results_nothing_is_done() =>
        Decide(new Story().Round(JobOutcomeKind.Killed, JobOutcomeKind.Waiting, JobOutcomeKind.Running, JobOutcomeKind.Running))
            .ShouldBe(new WaitForJobs(1, 2));

    [Theory]
    [InlineData(nameof(JobOutcomeKind.NodeFailure))]
    [InlineData(nameof(JobOutcomeKind.Preempted))]
    [InlineData(nameof(JobOutcomeKind.Cancelled))]
    [InlineData(nameof(JobOutcomeKind.NeverStarted))]
    [InlineData(nameof(JobOutcomeKind.Killed))]
    public void What_the_job_is_not_to_blame_for_is_tried_again_as_it_was(string ending)
    {
        var again = Decide(new Story().Round(JobOutcomeKind.Finished, Enum.Parse<JobOutcomeKind>(ending)).Covers(0, 500))
            .ShouldBeOfType<StartRound>();
        again.IsRetry.ShouldBeTrue();
        again.Jobs.ShouldHaveSingleItem().ShouldBe(new Job(new(0), ElementSet.From(500, 1000)));
    }

    [Fact]
    public void Only_what_a_job_left_is_tried_again()
    {
        var again = Decide(new Story().Round(JobOutcomeKind.Finished, JobOutcomeKind.NodeFailure).Covers(0, 500).Covers(620, 700))
            .ShouldBeOfType<StartRound>();
        again.Jobs.ShouldHaveSingleItem().Elements.ShouldBe(ElementSet.From([new(500, 620), new(700, 1000)]));
    }

    [Fact]
    public void The_second_unexplained_kill_gets_more_memory_and_the_last_is_given_up()
    {
        var story = new Story().Round(JobOutcomeKind.Killed);
        Start(story).Jobs[0].Resources.ShouldBeNull();
        story.Follow(JobOutcomeKind.Killed);
        Start(story).Jobs[0].Resources!.MemoryBytes.ShouldBe(2 * Memory);
        story.Follow(JobOutcomeKind.Killed);
        Decide(story).ShouldBeOfType<StopRun>().Reason.ShouldBe(StopReason.RetriesUsedUp);
    }

    [Fact]
    public void Out_of_memory_is_answered_by_twice_as_much_up_to_the_most_then_by_fewer_threads_then_by_fewer_elements()
    {
        var cutter = Cutter with { Partition = Cutter.Partition with { Threads = 2 } };
        var story = new Story(cutter).Round(JobOutcomeKind.OutOfMemory);
        var given = new List<JobResources>();
        while (story.Decide(Limits with { MaxRounds = 9 }) is StartRound { Jobs.Count: 1 } next)
        {
            given.Add(next.Jobs[0].Resources!);
            story.Follow(JobOutcomeKind.OutOfMemory, Limits with { MaxRounds = 9 });
        }
        given.Select(one => one.MemoryBytes).ShouldBe([220_000_000, 440_000_000, 800_000_000, 800_000_000]);
        given[^1].Threads.ShouldBe(1);
        Start(story, Limits with { MaxRounds = 9 }).Jobs.Count.ShouldBe(8);
    }

    [Fact]
    public void A_peak_above_what_was_reserved_is_where_doubling_begins()
    {
        var story = new Story().Round(new JobOutcome(new(0), JobOutcomeKind.OutOfMemory, Elements) { PeakBytes = 3 * Memory });
        Start(story).Jobs[0].Resources!.MemoryBytes.ShouldBe(6 * Memory);
    }

    [Fact]
    public void After_a_time_limit_the_rest_is_cut_by_what_fitted_into_the_time()
    {
        // 250 of 1000 in the time; with a margin of a fifth the other 750 need four jobs.
        var next = Start(new Story().Round(JobOutcomeKind.TimeLimit).Covers(0, 250));
        next.Jobs.Count.ShouldBe(4);
        next.Jobs.ShouldAllBe(job => job.Elements.Count <= 200);
        ElementSet.From(next.Jobs.SelectMany(job => job.Elements)).ShouldBe(ElementSet.From(250, 1000));
    }

    [Fact]
    public void A_job_that_finishes_nothing_in_its_time_is_cut_and_given_more_of_it_up_to_the_most()
    {
        var hour = TimeSpan.FromHours(1);
        var story = new Story().Round([new(new(0), ElementSet.From(0, Elements), new() { Time = hour })], JobOutcomeKind.TimeLimit);
        var next = Start(story, Limits with { MaxTime = 1.5 * hour });
        next.Jobs.Count.ShouldBe(4);
        next.Jobs.ShouldAllBe(job => job.Resources!.Time == 1.5 * hour);
    }

    [Fact]
    public void A_job_that_dies_of_itself_is_cut_into_parts() =>
        Start(new Story().Round(JobOutcomeKind.Finished, JobOutcomeKind.Crashed).Covers(0, 500)).Jobs.Count.ShouldBe(8);

    [Fact]
    public void When_every_job_dies_at_once_nothing_more_is_burnt()
    {
        var stop = Decide(new Story().Round(JobOutcomeKind.Crashed, JobOutcomeKind.Crashed, JobOutcomeKind.Crashed))
            .ShouldBeOfType<StopRun>();
        stop.Reason.ShouldBe(StopReason.EveryJobDied);
        stop.Unfinished.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(nameof(JobOutcomeKind.Refused), nameof(StopReason.Refused))]
    [InlineData(nameof(JobOutcomeKind.DataError), nameof(StopReason.DataError))]
    public void What_trying_again_cannot_mend_stops_the_run_when_the_other_jobs_have_ended(string ending, string reason)
    {
        var failed = Enum.Parse<JobOutcomeKind>(ending);
        Decide(new Story().Round(failed, JobOutcomeKind.Running)).ShouldBeOfType<WaitForJobs>();
        var stop = Decide(new Story().Round(failed, JobOutcomeKind.Finished).Covers(500, 1000)).ShouldBeOfType<StopRun>();
        stop.Reason.ShouldBe(Enum.Parse<StopReason>(reason));
        stop.Unfinished.ShouldHaveSingleItem().Left.ShouldBe(ElementSet.From(0, 500));
    }

    [Fact]
    public void A_file_that_is_being_written_is_asked_for_again_later_and_later()
    {
        var story = new Story().Round(JobOutcomeKind.Busy);
        var first = Start(story).Pause;
        first.ShouldBeGreaterThan(TimeSpan.Zero);
        story.Follow(JobOutcomeKind.Busy);
        Start(story).Pause.ShouldBe(2 * first);
    }

    [Fact]
    public void Rounds_that_gain_nothing_are_counted_until_one_gains()
    {
        var story = new Story().Round(JobOutcomeKind.Preempted);
        for (var round = 1; round < 4; round++)
            story.Follow(JobOutcomeKind.Preempted);
        story.Follow(JobOutcomeKind.Preempted, gains: 1);
        for (var round = 0; round < 5; round++)
        {
            Decide(story).ShouldBeOfType<StartRound>();
            story.Follow(JobOutcomeKind.Preempted);
        }
        Decide(story).ShouldBeOfType<StopRun>().Reason.ShouldBe(StopReason.NoProgress);
    }

    [Fact]
    public void Without_retries_nothing_is_tried_again() =>
        Decide(new Story().Round(JobOutcomeKind.NodeFailure), Limits with { Retries = 0 })
            .ShouldBeOfType<StopRun>()
            .Reason.ShouldBe(StopReason.RetriesUsedUp);

    [Fact]
    public void A_round_that_the_user_asks_for_forgets_strikes_and_keeps_the_memory_that_was_learned()
    {
        var story = new Story().Round(JobOutcomeKind.OutOfMemory).Follow(JobOutcomeKind.OutOfMemory);
        var begin = FailurePolicy.Begin(story.History, Cutter).ShouldBeOfType<StartRound>();
        begin.IsRetry.ShouldBeFalse();
        begin.Jobs.Count.ShouldBe(4);
        begin.Jobs.ShouldAllBe(job => job.Resources!.MemoryBytes == 2 * Memory);
    }

    [Fact]
    public void An_outcome_is_judged_by_valid_blocks_and_not_by_what_is_said()
    {
        var round = new Round(
            new(1),
            [new(new(0), ElementSet.From(0, 10)), new(new(1), ElementSet.From(10, 20)), new(new(2), ElementSet.From(20, 30))]
        );
        var outcome = RoundOutcome.From(
            round,
            ElementSet.From(0, 15),
            [new(new(0), JobOutcomeKind.Killed), new(new(1), JobOutcomeKind.Finished) { Detail = "done" }]
        );
        outcome
            .Jobs.Select(job => (job.Ending, job.Left))
            .ShouldBe([(JobOutcomeKind.Finished, 0), (JobOutcomeKind.Finished, 5), (JobOutcomeKind.NeverStarted, 10)]);
    }

    private static AdvanceDecision Decide(Story story, AdvanceLimits? limits = null) => story.Decide(limits ?? Limits);

    private static StartRound Start(Story story, AdvanceLimits? limits = null) => Decide(story, limits).ShouldBeOfType<StartRound>();

    /// <summary>A run's history in the making.</summary>
    private sealed class Story(RoundCutter? cutter = null)
    {
        private readonly RoundCutter _cutter = cutter ?? Cutter;
        private readonly List<(Round Round, RoundOutcome Outcome)> _rounds = [];
        private ElementSet _covered = ElementSet.Empty;

        public RunHistory History =>
            new(ElementSet.From(0, Elements), _covered, [.. _rounds.Select(pair => new RoundResult(pair.Round, pair.Outcome))]);

        public AdvanceDecision Decide(AdvanceLimits limits) => FailurePolicy.Decide(History, limits, _cutter);

        /// <summary>A first round of equal jobs.</summary>
        public Story Round(params JobOutcomeKind[] endings) =>
            Round((JobOutcome[])[.. endings.Select((ending, job) => new JobOutcome(new(job), ending, Elements / endings.Length))]);

        public Story Round(params JobOutcome[] outcomes)
        {
            var share = Elements / outcomes.Length;
            return Add(
                new(
                    new(1),
                    [.. outcomes.Select(one => new Job(one.Job, ElementSet.From(one.Job.Value * share, (one.Job.Value + 1) * share)))]
                ),
                outcomes
            );
        }

        public Story Round(Job[] jobs, JobOutcomeKind ending) =>
            Add(new(new(1), jobs), jobs.Select(job => new JobOutcome(job.Id, ending, job.Elements.Count)));

        /// <summary>What is covered at the last round's end.</summary>
        public Story Covers(long first, long end)
        {
            _covered = _covered.Union(ElementSet.From(first, end));
            var (round, outcome) = _rounds[^1];
            _rounds[^1] = (
                round,
                outcome with
                {
                    Jobs = [.. outcome.Jobs.Zip(round.Jobs, (one, job) => one with { Left = job.Elements.Except(_covered).Count })],
                }
            );
            return this;
        }

        /// <summary>Does what the policy says; all its jobs end alike.</summary>
        public Story Follow(JobOutcomeKind ending, AdvanceLimits? limits = null, long gains = 0)
        {
            var next = Decide(limits ?? Limits).ShouldBeOfType<StartRound>();
            Add(
                new(new(_rounds.Count + 1), next.Jobs, IsRetry: next.IsRetry),
                next.Jobs.Select(job => new JobOutcome(job.Id, ending, job.Elements.Count))
            );
            var first = next.Jobs[0].Elements[0].First;
            return gains == 0 ? this : Covers(first, first + gains);
        }

        private Story Add(Round round, IEnumerable<JobOutcome> outcomes)
        {
            _rounds.Add((round, new(round.Id, [.. outcomes])));
            return this;
        }
    }
}
