namespace HpcFit.Coordinator.Tests.Launching.Slurm.Submission;

/// <summary>A round in the queue: tasks that cannot start, advance and watch jobs that are gone.</summary>
public sealed class SubmittedRoundTests
{
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
}
