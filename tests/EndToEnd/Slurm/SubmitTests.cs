namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>Runs on a real cluster when nothing goes wrong.</summary>
[Collection(OnCluster.Name)]
public sealed class SubmitTests(SlurmCluster cluster)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    [Fact]
    public void Forty_jobs_over_four_nodes_end_merged_and_written_and_leave_nothing_behind()
    {
        using var study = SlurmStudy.Linear(cluster, elements: 53_000, subjects: 200);
        study.Submit([], "--jobs", "40").ShouldSucceed();
        study.WaitUntilWritten(Long);

        study.Run.ReadRound(new(1)).Jobs.Count.ShouldBe(40);
        study.Run.PartialFiles().Count.ShouldBe(40);
        cluster.Processes().ShouldBeEmpty();
        var nodes = cluster.Slurm("sacct", "-n", "-P", "-X", "-o", "NodeList,JobName").ShouldSucceed().Output.Split('\n').Where(line => line.Contains("r0001", StringComparison.Ordinal)).Select(line => line.Split('|')[0]).Distinct();
        nodes.Order().ShouldBe(["n1", "n2", "n3", "n4"]);
        study.ShouldHoldWhatLocalWorkersGive();

        cluster.HpcFit("advance", study.RunFolder).ShouldSucceed().Output.ShouldContain("had been written");
        cluster.Queue().ShouldBeEmpty();
    }
}
