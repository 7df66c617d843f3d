using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Submission;

/// <summary>The arrays into which the jobs of a round are divided, and the jobs that see to what follows.</summary>
public sealed class RoundSubmitterTests
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

    [Theory]
    [InlineData(0)]
    public void A_cluster_without_job_arrays_is_named(int maxArraySize)
    {
        using var submission = new ClusterUnderTest(new() { MaxArraySize = maxArraySize });
        var refusal = Should.Throw<SchedulerException>(submission.SeeTo);
        refusal.ExitCode.ShouldBe(ExitCode.SchedulerFailure);
        refusal.Message.ShouldContain("MaxArraySize = 0");
    }
}
