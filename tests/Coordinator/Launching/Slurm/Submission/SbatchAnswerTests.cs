using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Submission;

/// <summary>The id of a job in what sbatch and the site's wrappers print.</summary>
public sealed class SbatchAnswerTests
{
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
        submission.ShouldBeWhole(answer);
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
}
