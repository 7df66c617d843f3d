using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Status;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Status;

/// <summary>When the scheduler's word proves that the holder of a claim is gone.</summary>
public class JobLivenessTests
{
    [Theory]
    // The job has ended on a node that is up; but the start that took the claim was on another one.
    [InlineData("n1", "5|NODE_FAIL|0:0|n1|None\n5|FAILED|7:0|n2|None", "down*", null, false)]
    [InlineData("n1", "5|NODE_FAIL|0:0|n1|None\n5|FAILED|7:0|n2|None", "idle", null, true)]
    [InlineData("n1", null, "down*", null, false)]
    // A claim of an older program names no node: every start counts.
    [InlineData(null, "5|NODE_FAIL|0:0|n1|None\n5|FAILED|7:0|n2|None", "down*", null, false)]
    // Not over.
    [InlineData("n1", "5|NODE_FAIL|0:0|n1|None\n5|RUNNING|0:0|n2|None", "idle", null, false)]
    [InlineData("n1", null, "idle", null, false)]
    // This process's own job, started over.
    [InlineData("n1", "5|NODE_FAIL|0:0|n1|None\n5|RUNNING|0:0|n2|None", "down*", "5", false)]
    [InlineData("n1", "5|NODE_FAIL|0:0|n1|None\n5|RUNNING|0:0|n2|None", "idle", "5", true)]
    public void A_holder_is_dead_when_its_job_is_over_and_the_nodes_of_all_its_starts_answer(
        string? node,
        string? accounting,
        string stateOfFirst,
        string? ownJob,
        bool isDead
    ) =>
        new JobLiveness(new(new Site(accounting, stateOfFirst), BackOff.None, NullLogger.Instance), ownJob)
            .HasEnded("5", node)
            .ShouldBe(isDead);

    private sealed class Site(string? accounting, string stateOfFirst) : ICommandRunner
    {
        public CommandAnswer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken token) =>
            program switch
            {
                "squeue" => new(CommandEnding.Ended, 1, "", "slurm_load_jobs error: Invalid job id specified"),
                "sacct" => accounting is null
                    ? new(CommandEnding.Ended, 1, "", "Slurm accounting storage is disabled")
                    : new(CommandEnding.Ended, 0, accounting, ""),
                _ => new(
                    CommandEnding.Ended,
                    0,
                    arguments.Contains("n1") ? $"** maintenance on Monday **\nn1|{stateOfFirst}\n" : "n2|idle\n",
                    ""
                ),
            };
    }
}
