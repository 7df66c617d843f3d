using HpcFit.Coordinator.Launching.Slurm.Cluster;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Cluster;

public class SubmitterEnvironmentTests
{
    [Fact]
    public void Where_a_site_sends_jobs_is_honoured_and_the_rest_is_named()
    {
        var set = new Dictionary<string, string>
        {
            ["SBATCH_ACCOUNT"] = "lab",
            ["SBATCH_PARTITION"] = "short",
            ["SBATCH_QOS"] = "",
            ["SBATCH_CONSTRAINT"] = "rome",
            ["SBATCH_RESERVATION"] = "course",
            ["SBATCH_MEM_PER_NODE"] = "4G",
            ["PATH"] = "/bin",
        };
        var environment = new SubmitterEnvironment(set.GetValueOrDefault);
        (environment.Account, environment.Partition, environment.Qos, environment.Time).ShouldBe(("lab", "short", null, null));
        environment.Options().ShouldBe(["--constraint=rome", "--reservation=course"]);
        SubmitterEnvironment.Ignored(set.Keys).ShouldBe(["SBATCH_MEM_PER_NODE"]);
    }
}
