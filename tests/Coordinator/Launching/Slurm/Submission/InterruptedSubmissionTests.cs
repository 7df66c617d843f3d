using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Submission;

/// <summary>A submission that dies, is not answered or is refused: afterwards every job is in one task.</summary>
public sealed class InterruptedSubmissionTests
{
    [Fact]
    public void Whenever_the_command_dies_the_next_one_finishes_the_work()
    {
        var calls = CallsOfAQuietSubmission();
        for (var call = 0; call < calls; call++)
        {
            foreach (var trouble in (Trouble[])[Trouble.CallerDiesBefore, Trouble.CallerDiesAfter])
            {
                using var submission = new ClusterUnderTest(new() { MaxArraySize = 4 });
                var at = call;
                submission.Cluster.Troubles = (number, _) => number == at ? trouble : Trouble.None;
                Should.Throw<CallerDiedException>(submission.SeeTo);
                submission.SeeTo();
                submission.ShouldBeWhole($"{trouble} at call {call}");
            }
        }
    }

    [Fact]
    public void A_command_that_dies_again_and_again_submits_nothing_twice()
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = 4 });
        var random = new Random(5);
        submission.Cluster.Troubles = (_, _) =>
            random.Next(3) == 0 ? (random.Next(2) == 0 ? Trouble.CallerDiesBefore : Trouble.CallerDiesAfter) : Trouble.None;
        for (var attempt = 0; attempt < 500; attempt++)
        {
            try
            {
                submission.SeeTo();
                break;
            }
            catch (CallerDiedException)
            {
                attempt.ShouldBeLessThan(499);
            }
        }
        submission.Cluster.Troubles = (_, _) => Trouble.None;
        submission.SeeTo();
        submission.ShouldBeWhole("many deaths");
    }

    [Theory]
    [InlineData(nameof(Trouble.TimesOutButIsDone))]
    [InlineData(nameof(Trouble.TimesOutUndone))]
    [InlineData(nameof(Trouble.IsDoneLater))]
    public void A_time_out_of_any_command_leaves_every_job_in_one_task(string trouble)
    {
        var calls = CallsOfAQuietSubmission();
        for (var call = 0; call < calls; call++)
        {
            using var submission = new ClusterUnderTest(new() { MaxArraySize = 4 });
            var at = call;
            submission.Cluster.Troubles = (number, _) => number == at ? Enum.Parse<Trouble>(trouble) : Trouble.None;
            submission.SeeTo();
            submission.SeeTo();
            submission.ShouldBeWhole($"{trouble} at call {call}");
        }
    }

    [Fact]
    public void What_the_scheduler_refuses_for_good_is_taken_back_and_said_in_its_words()
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = 4 });
        submission.Cluster.Refusal = arguments =>
            arguments.Any(one => one.StartsWith("--dependency", StringComparison.Ordinal))
                ? "Batch job submission failed: Invalid account or account/partition combination specified"
                : null;
        var refusal = Should.Throw<SchedulerException>(submission.SeeTo);
        refusal.Message.ShouldContain("Invalid account");
        refusal.ExitCode.ShouldBe(ExitCode.SchedulerFailure);
        submission.Cluster.Live.ShouldBeEmpty();

        submission.Cluster.Refusal = _ => null;
        submission.SeeTo();
        submission.ShouldBeWhole("after the refusal");
    }

    [Fact]
    public void A_controller_that_never_answers_is_said_to_be_busy_and_the_intent_stays()
    {
        using var submission = new ClusterUnderTest();
        submission.Cluster.Troubles = (_, program) => program == "sbatch" ? Trouble.TimesOutUndone : Trouble.None;
        Should.Throw<SchedulerException>(submission.SeeTo).IsRetryable.ShouldBeTrue();
        submission.Cluster.Troubles = (_, _) => Trouble.None;
        submission.SeeTo();
        submission.ShouldBeWhole("after the silence");
    }

    [Fact]
    public void A_limit_on_jobs_in_the_queue_passes_and_the_watch_finishes_what_is_left()
    {
        using var submission = new ClusterUnderTest();
        submission.Cluster.Refusal = arguments =>
            arguments.Any(one => one.StartsWith("--array", StringComparison.Ordinal))
                ? "AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit "
                    + "limit, user's size and/or time limits)"
                : null;
        Should.Throw<SchedulerException>(submission.SeeTo).IsRetryable.ShouldBeTrue();
        submission.Cluster.Live.ShouldHaveSingleItem().Name.ShouldContain("watch");
        submission.Cluster.Refusal = _ => null;
        submission.SeeTo();
        submission.ShouldBeWhole("after the limit has passed");
    }

    private static int CallsOfAQuietSubmission()
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = 4 });
        submission.SeeTo();
        return submission.Cluster.Calls.Count;
    }
}
