namespace HpcFit.Coordinator.Tests.Launching.Slurm.Submission;

/// <summary>What a run cancels: its own jobs, in an order in which nothing goes on, and no others.</summary>
public sealed class CancelledSubmissionTests
{
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

    private static StandInJob Other(int id, string name, uint? user = null) =>
        new()
        {
            Id = id,
            Name = name,
            Arguments = [],
            Tasks = new() { [-1] = ("PENDING", "Priority") },
            User = user,
        };
}
