using System.Collections;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;

namespace HpcFit.Coordinator.Tests.Launching.Batch;

public class CommandProcessesTests
{
    [Fact]
    public void A_command_started_inside_a_job_knows_nothing_of_that_job()
    {
        var inside = new Hashtable
        {
            ["PATH"] = "/usr/bin",
            ["SLURM_JOB_ID"] = "7",
            ["SLURM_MEM_PER_NODE"] = "100",
            ["SBATCH_PARTITION"] = "debug",
            ["SQUEUE_FORMAT"] = "%i",
            ["SACCT_FORMAT"] = "x",
            ["SLURM_CONF"] = "/etc/slurm.conf",
            ["SLURM_CLUSTERS"] = "a",
        };
        var cleared = SlurmEnvironment.Cleared(inside);
        cleared
            .Keys.Order(StringComparer.Ordinal)
            .ShouldBe(["LC_ALL", "PATH", "SLURM_BITSTR_LEN", "SLURM_CLUSTERS", "SLURM_CONF", "SLURM_TIME_FORMAT"]);
    }

    [Fact]
    public void Both_streams_and_the_exit_code_are_kept()
    {
        var answer = Run("sh", ["-c", "echo out; echo err >&2; exit 3"]);
        answer.ShouldBe(new(CommandEnding.Ended, 3, "out\n", "err\n"));
    }

    [Fact]
    public void A_program_that_is_not_there_is_an_answer() => Run("hpcfit-no-such-program", []).Ending.ShouldBe(CommandEnding.NotFound);

    [Fact]
    public void A_program_that_does_not_answer_is_ended() =>
        new CommandProcesses(SlurmEnvironment.Cleared)
            .Run("sleep", ["600"], TimeSpan.FromMilliseconds(100), CancellationToken.None)
            .Ending.ShouldBe(CommandEnding.TimedOut);

    private static CommandAnswer Run(string program, IReadOnlyList<string> arguments) =>
        new CommandProcesses(SlurmEnvironment.Cleared).Run(program, arguments, TimeSpan.FromSeconds(30), CancellationToken.None);
}
