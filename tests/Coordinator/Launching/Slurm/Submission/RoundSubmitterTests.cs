using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Submission;

public class RoundSubmitterTests
{
    [Fact]
    public void A_round_is_an_array_and_two_jobs_that_see_to_what_follows()
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();

        submission.JobsAtWork().ShouldBe(Enumerable.Range(0, 10));
        var names = submission.Cluster.Jobs.Select(job => job.Name).ToList();
        names.Count.ShouldBe(3);
        var prefix = $"hpcfit-{submission.Run.Document.Digest[..8]}-r0001-";
        names.ShouldAllBe(name => name.StartsWith(prefix));
        var array = submission.Cluster.Array;
        array.Arguments.ShouldBe([
            "--parsable",
            "--hold",
            "--job-name=" + array.Name,
            "--array=0-9",
            "--nodes=1",
            "--ntasks=1",
            "--cpus-per-task=2",
            "--mem=500M",
            "--time=00:30:00",
            "--chdir=/",
            $"--output={submission.Run.Logs}/0001-%A_%a.out",
            submission.Run.BatchScript(submission.Round.Id),
            "0",
            "2",
        ]);
        submission.Cluster.Companion("next").Arguments.ShouldContain($"--dependency=afterany:{array.Id}");
        submission.Cluster.Companion("watch").Arguments.ShouldContain("--begin=now+1800");
    }

    [Fact]
    public void Asked_again_it_changes_nothing()
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();
        submission.SeeTo();
        submission.SeeTo();
        submission.Cluster.Jobs.Count.ShouldBe(3);
    }

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
                ShouldBeWhole(submission, $"{trouble} at call {call}");
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
        ShouldBeWhole(submission, "many deaths");
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
            ShouldBeWhole(submission, $"{trouble} at call {call}");
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
        ShouldBeWhole(submission, "after the refusal");
    }

    [Fact]
    public void A_controller_that_never_answers_is_said_to_be_busy_and_the_intent_stays()
    {
        using var submission = new ClusterUnderTest();
        submission.Cluster.Troubles = (_, program) => program == "sbatch" ? Trouble.TimesOutUndone : Trouble.None;
        Should.Throw<SchedulerException>(submission.SeeTo).IsRetryable.ShouldBeTrue();
        submission.Cluster.Troubles = (_, _) => Trouble.None;
        submission.SeeTo();
        ShouldBeWhole(submission, "after the silence");
    }

    [Fact]
    public void Five_thousand_jobs_go_into_arrays_whose_indices_stay_below_the_limit()
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = 1001 }, jobs: 5000);
        submission.SeeTo();
        submission.JobsAtWork().ShouldBe(Enumerable.Range(0, 5000));
        var arrays = submission.OnDisk!.Arrays().ToList();
        arrays.Count.ShouldBe(5);
        arrays.ShouldAllBe(array => TaskIds.Parse(array.Tasks).Max() <= 1000);
        submission.Cluster.Calls.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public void Where_few_jobs_may_be_submitted_the_round_goes_in_windows()
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = 1001, MaxSubmitJobs = 302 }, jobs: 1000);
        var windows = 0;
        while (submission.JobsAtWork().Count < 1000)
        {
            submission.SeeTo();
            submission.SeeTo(); // while a window is at work nothing is added
            submission.Cluster.Live.Sum(job => job.Tasks.Count).ShouldBeLessThanOrEqualTo(302);
            submission.Cluster.EndTasks();
            // What the cluster does to the advance job of a window that has ended, and the run to its watch.
            foreach (var companion in submission.Cluster.Jobs.Where(job => job.Tasks.ContainsKey(-1)))
                companion.Tasks[-1] = ("COMPLETED", "None");
            (++windows).ShouldBeLessThan(10);
        }
        submission.JobsAtWork().ShouldBe(Enumerable.Range(0, 1000));
        windows.ShouldBe(4);
    }

    [Fact]
    public void Jobs_with_resources_of_their_own_get_arrays_of_their_own()
    {
        using var submission = new ClusterUnderTest(
            jobs: 10,
            resources: job =>
                job % 3 == 0
                    ? new()
                    {
                        MemoryBytes = 2L << 30,
                        Time = TimeSpan.FromHours(2),
                        Threads = 1,
                    }
                    : null
        );
        submission.SeeTo();
        submission.JobsAtWork().ShouldBe(Enumerable.Range(0, 10));
        var large = submission.Cluster.Jobs.Single(job => job.Arguments.Contains("--mem=2048M"));
        large.Arguments.ShouldContain("--array=0,3,6,9");
        large.Arguments.ShouldContain("--time=02:00:00");
        large.Arguments[^1].ShouldBe("1");
    }

    [Fact]
    public void The_throttle_is_shared_out_over_arrays()
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = 50 }, jobs: 100, throttle: 7);
        submission.SeeTo();
        submission
            .Cluster.Jobs.SelectMany(job => job.Arguments)
            .Where(one => one.StartsWith("--array", StringComparison.Ordinal))
            .ShouldBe(["--array=0-49%3", "--array=0-49%3"]);
    }

    [Theory]
    [InlineData("PartitionTimeLimit", true)]
    [InlineData("launch_failed_requeued_held", false)]
    public void A_task_that_will_never_start_is_cancelled_and_the_reason_kept(string reason, bool isHopeless)
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();
        submission.Cluster.Array.Tasks[3] = ("PENDING", reason);
        submission.SeeTo();
        submission.Cluster.Array.Tasks[3].State.ShouldBe("CANCELLED");
        var given = submission.OnDisk!.GivenUp.ShouldHaveSingleItem();
        (given.Job, given.Reason, given.IsHopeless).ShouldBe((3, reason, isHopeless));
    }

    [Fact]
    public void Waiting_that_ends_by_itself_is_left_alone()
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();
        foreach (
            var (task, reason) in ((int, string)[])
                [
                    (0, "Resources"),
                    (1, "Priority"),
                    (2, "BeginTime"),
                    (3, "JobArrayTaskLimit"),
                    (4, "JobHeldAdmin"),
                    (5, "A reason of 2031"),
                ]
        )
            submission.Cluster.Array.Tasks[task] = ("PENDING", reason);
        submission.SeeTo();
        submission.OnDisk!.GivenUp.ShouldBeEmpty();
        submission.Cluster.Live.Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("next")]
    [InlineData("watch")]
    public void An_advance_or_watch_job_that_is_gone_is_replaced(string companion)
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();
        submission.Cluster.Companion(companion).Tasks[-1] = ("FAILED", "None");
        submission.SeeTo();
        submission.Cluster.Live.Count().ShouldBe(3);
        submission.SeeTo();
        submission.Cluster.Jobs.Count.ShouldBe(4);
    }

    [Fact]
    public void A_squeue_that_ignores_filters_makes_no_job_of_another_name_or_user_a_stray()
    {
        using var submission = new ClusterUnderTest(new() { IgnoresFilters = true });
        submission.Cluster.Jobs.Add(Other(7, "somebody's"));
        submission.Cluster.Jobs.Add(Other(8, "mine too"));
        submission.Cluster.Troubles = (_, program) =>
            program == "sbatch" && submission.Cluster.Calls.Count % 3 == 0 ? Trouble.TimesOutButIsDone : Trouble.None;
        submission.SeeTo();
        submission.Cluster.EndTasks();
        submission.Submitter.CancelAll(CancellationToken.None);
        submission.Cluster.Jobs.Where(job => job.Id < 100).ShouldAllBe(job => !job.IsOver);
        submission.Cluster.Live.Count().ShouldBe(2);
    }

    [Fact]
    public void An_id_that_another_job_has_now_is_not_cancelled()
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();
        var ids = submission.Cluster.Jobs.ConvertAll(job => job.Id);
        submission.Cluster.Jobs.Clear();
        foreach (var id in ids)
            submission.Cluster.Jobs.Add(Other(id, "begun after the controller had lost its state"));
        submission.Cluster.Jobs.Add(Other(50, submission.OnDisk!.Arrays().First().Name, user: uint.MaxValue));
        submission.Submitter.CancelAll(CancellationToken.None);
        submission.Submitter.CancelCompanions(CancellationToken.None);
        submission.Cluster.Live.Count().ShouldBe(4);
    }

    private static StandInJob Other(int id, string name, uint? user = null) =>
        new()
        {
            Id = id,
            Name = name,
            Arguments = [],
            Tasks = new() { [-1] = ("PENDING", "Priority") },
            User = user,
        };

    [Fact]
    public void Windows_share_one_watch_and_what_is_left_of_the_limit_is_used()
    {
        using var submission = new ClusterUnderTest(new() { MaxSubmitJobs = 6 }, jobs: 12);
        for (var windows = 0; submission.JobsAtWork().Count < 12; )
        {
            submission.SeeTo();
            submission.Cluster.Live.Count(job => job.Name.Contains("watch", StringComparison.Ordinal)).ShouldBe(1);
            submission.Cluster.Live.Sum(job => job.Tasks.Count).ShouldBe(6);
            submission.Cluster.EndTasks();
            (++windows).ShouldBeLessThanOrEqualTo(3, "four tasks next to the watch and the advance job");
            foreach (var next in submission.Cluster.Live.Where(job => job.Name.Contains("next", StringComparison.Ordinal)).ToList())
                next.Tasks[-1] = ("COMPLETED", "None");
        }
        submission.Submitter.CancelCompanions(CancellationToken.None);
        submission.Cluster.Live.ShouldBeEmpty();
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
        ShouldBeWhole(submission, "after the limit has passed");
    }

    [Fact]
    public void A_watch_that_leaves_the_run_to_somebody_else_has_a_successor_that_the_next_handover_takes_over()
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();
        submission.Submitter.EnsureWatch(CancellationToken.None);
        submission.Cluster.Jobs.Count.ShouldBe(3, "one waits already");
        submission.Cluster.Companion("watch").Tasks[-1] = ("RUNNING", "None");
        submission.Submitter.EnsureWatch(CancellationToken.None);
        submission.Submitter.EnsureWatch(CancellationToken.None);
        submission.Cluster.Companion("watch").Tasks[-1] = ("COMPLETED", "None");
        submission.SeeTo();
        submission.Cluster.Jobs.Count.ShouldBe(4);
        submission.Submitter.CancelCompanions(CancellationToken.None);
        submission.Cluster.Live.ShouldNotContain(job => job.Name.Contains("watch", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plugin: account charged\n{0}\n")]
    [InlineData("{0};maple\n\n*** 12 nodes are down tomorrow ***\n")]
    [InlineData("sbatch: Submitted batch job {0}\n")]
    [InlineData("Submitted batch job {0} on cluster maple\n")]
    [InlineData("7\n{0}\n")]
    [InlineData("")]
    [InlineData("Your job was taken.\n")]
    public void Whatever_stands_around_the_id_in_the_answer_of_sbatch_each_job_is_found(string answer)
    {
        using var submission = new ClusterUnderTest(
            new() { SbatchAnswer = id => answer.Replace("{0}", $"{id}", StringComparison.Ordinal) }
        );
        submission.SeeTo();
        ShouldBeWhole(submission, answer);
    }

    [Fact]
    public void An_answer_without_an_id_of_a_job_that_the_queue_does_not_know_is_quoted()
    {
        var refusal = Should.Throw<SchedulerException>(() =>
            new SlurmCommands(new Deaf(), ClusterUnderTest.Impatient, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).Submit(
                "name",
                [],
                false,
                CancellationToken.None
            )
        );
        refusal.Message.ShouldContain("come back tomorrow");
        refusal.ExitCode.ShouldBe(ExitCode.SchedulerFailure);
    }

    /// <summary>A site whose wrappers answer everything with success and a banner.</summary>
    private sealed class Deaf : ICommandRunner
    {
        public CommandAnswer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken token) =>
            new(CommandEnding.Ended, 0, "come back tomorrow\n", "");
    }

    [Theory]
    [InlineData(0)]
    public void A_cluster_without_job_arrays_is_named(int maxArraySize)
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = maxArraySize });
        var refusal = Should.Throw<SchedulerException>(submission.SeeTo);
        refusal.ExitCode.ShouldBe(ExitCode.SchedulerFailure);
        refusal.Message.ShouldContain("MaxArraySize = 0");
    }

    [Fact]
    public void A_run_that_is_over_leaves_no_job_in_the_queue()
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();
        submission.Cluster.EndTasks();
        submission.Submitter.CancelCompanions(CancellationToken.None);
        submission.Cluster.Live.ShouldBeEmpty();
    }

    [Fact]
    public void Cancelling_ends_what_would_go_on_before_what_is_at_work()
    {
        using var submission = new ClusterUnderTest();
        submission.SeeTo();
        submission.Submitter.CancelAll(CancellationToken.None).ShouldBe([submission.Cluster.Array.Id]);
        submission.Cluster.Live.ShouldBeEmpty();
        var orders = submission.Cluster.Calls.Where(call => call.Program == "scancel").ToList();
        orders[0].Arguments.ShouldNotContain($"{submission.Cluster.Array.Id}");
    }

    private static int CallsOfAQuietSubmission()
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = 4 });
        submission.SeeTo();
        return submission.Cluster.Calls.Count;
    }

    private static void ShouldBeWhole(ClusterUnderTest submission, string story)
    {
        submission.JobsAtWork().ShouldBe(Enumerable.Range(0, submission.Round.Jobs.Count), story);
        submission.Cluster.Live.ShouldAllBe(job => !job.IsHeld, story);
        submission.Cluster.Live.Count(job => job.Name.Contains("next", StringComparison.Ordinal)).ShouldBe(1, story);
        submission.Cluster.Live.Count(job => job.Name.Contains("watch", StringComparison.Ordinal)).ShouldBe(1, story);
        submission.OnDisk!.Handovers.ShouldHaveSingleItem().Released.ShouldBeTrue(story);
    }
}
