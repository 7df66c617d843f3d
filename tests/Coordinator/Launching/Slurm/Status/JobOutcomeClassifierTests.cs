using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Status;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Status;

/// <summary>Cause by cause: what the worker left, what the scheduler says, and what is made of both.</summary>
public class JobOutcomeClassifierTests
{
    private const long Asked = 400_000_000;

    [Theory]
    // Only the scheduler knows who sent the signal on which the worker stopped.
    [InlineData("TIMEOUT", 0, 15, "Cancelled", nameof(JobOutcomeKind.TimeLimit))]
    [InlineData("TIMEOUT", 0, 9, "none", nameof(JobOutcomeKind.TimeLimit))]
    [InlineData("PREEMPTED", 0, 15, "Cancelled", nameof(JobOutcomeKind.Preempted))]
    [InlineData("CANCELLED", 0, 15, "Cancelled", nameof(JobOutcomeKind.Cancelled))]
    [InlineData("CANCELLED", 0, 0, "no attempt", nameof(JobOutcomeKind.NeverStarted))]
    [InlineData("NODE_FAIL", 1, 0, "none", nameof(JobOutcomeKind.NodeFailure))]
    [InlineData("BOOT_FAIL", 0, 0, "no attempt", nameof(JobOutcomeKind.NodeFailure))]
    [InlineData("OUT_OF_MEMORY", 0, 125, "none", nameof(JobOutcomeKind.OutOfMemory))]
    // A kill without a reason, and the worker's own reasons, which the scheduler does not know.
    [InlineData("FAILED", 0, 9, "none", nameof(JobOutcomeKind.Killed))]
    [InlineData("FAILED", 137, 0, "none", nameof(JobOutcomeKind.Killed))]
    [InlineData("FAILED", 0, 11, "none", nameof(JobOutcomeKind.Crashed))]
    [InlineData("FAILED", 3, 0, "BadInput", nameof(JobOutcomeKind.Refused))]
    [InlineData("FAILED", 9, 0, "DataError", nameof(JobOutcomeKind.DataError))]
    [InlineData("FAILED", 1, 0, "InternalError", nameof(JobOutcomeKind.Crashed))]
    [InlineData("FAILED", 7, 0, "Busy", nameof(JobOutcomeKind.Busy))]
    [InlineData("FAILED", 127, 0, "no attempt", nameof(JobOutcomeKind.Crashed))]
    [InlineData("FAILED", 3, 0, "no attempt", nameof(JobOutcomeKind.Refused))]
    [InlineData("FAILED", 0, 9, "no attempt", nameof(JobOutcomeKind.Killed))]
    // Exit codes can be wrong: only blocks show whether it succeeded.
    [InlineData("COMPLETED", 0, 0, "Success", nameof(JobOutcomeKind.Finished))]
    [InlineData("COMPLETED", 0, 0, "none", nameof(JobOutcomeKind.Killed))]
    [InlineData("FAILED", 1, 0, "Success", nameof(JobOutcomeKind.Finished))]
    [InlineData("TIMEOUT", 0, 0, "Success", nameof(JobOutcomeKind.Finished))]
    // Not over yet, or nobody can say.
    [InlineData("PENDING", 0, 0, "Cancelled", nameof(JobOutcomeKind.Waiting))]
    [InlineData("REQUEUE_HOLD", 0, 0, "no attempt", nameof(JobOutcomeKind.Waiting))]
    [InlineData("RUNNING", 0, 0, "none", nameof(JobOutcomeKind.Running))]
    [InlineData("COMPLETING", 0, 0, "none", nameof(JobOutcomeKind.Running))]
    [InlineData("COMPLETING", 0, 0, "Success", nameof(JobOutcomeKind.Finished))]
    [InlineData("EXPEDITING", 0, 0, "none", nameof(JobOutcomeKind.Running))]
    [InlineData("EXPEDITING", 0, 0, "Success", nameof(JobOutcomeKind.Finished))]
    // The controller has forgotten it, and there is no accounting.
    [InlineData(null, 0, 0, "none", nameof(JobOutcomeKind.Killed))]
    [InlineData(null, 0, 0, "Cancelled", nameof(JobOutcomeKind.Cancelled))]
    [InlineData(null, 0, 0, "no attempt", nameof(JobOutcomeKind.NeverStarted))]
    public void An_end_is_judged_by_both_words(string? state, int exit, int signal, string said, string ending) =>
        JobOutcomeClassifier
            .Classify(
                new(0),
                new()
                {
                    Asked = new() { MemoryBytes = Asked },
                    Task = state is null ? null : Task(state, exit, signal),
                    Attempts = said == "no attempt" ? [] : [Attempt(said == "none" ? null : Enum.Parse<ExitCode>(said))],
                }
            )
            .Ending.ToString()
            .ShouldBe(ending);

    [Fact]
    public void A_kill_with_nearly_all_memory_in_use_was_for_memory() =>
        Judge(Attempt(null) with { ResidentBytes = (long)(0.95 * Asked) }).ShouldBe(JobOutcomeKind.OutOfMemory);

    [Fact]
    public void A_kill_that_the_kernel_counted_was_for_memory() =>
        Judge(Attempt(null) with { OomKills = 1 }).ShouldBe(JobOutcomeKind.OutOfMemory);

    [Theory]
    [InlineData("slurmstepd: error: Job 7 exceeded memory limit (700000 > 614400), being killed")]
    [InlineData("slurmstepd: error: StepId=25.batch exceeded memory limit (734003200 > 629145600), being killed")]
    [InlineData("slurmstepd: error: Exceeded job memory limit")]
    [InlineData("slurmstepd: error: Exceeded step memory limit at some point.")]
    [InlineData(
        "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=25.batch. Some of your processes may have been killed by the "
            + "cgroup out-of-memory handler."
    )]
    [InlineData("slurmstepd: error: Detected 1 oom_kill event in StepId=25.batch. Some of the step tasks have been OOM Killed.")]
    [InlineData("srun: error: n1: task 0: Out Of Memory")]
    public void What_Slurm_wrote_into_the_output_of_a_job_that_it_killed_for_memory_counts(string words)
    {
        foreach (var (state, said) in ((string, ExitCode?)[])[("FAILED", null), ("CANCELLED", ExitCode.Cancelled)])
            JobOutcomeClassifier
                .Classify(
                    new(0),
                    new()
                    {
                        Asked = new() { MemoryBytes = Asked },
                        Task = Task(state, 0, 9),
                        Attempts = [Attempt(said)],
                        OutputTail = new(words),
                    }
                )
                .Ending.ShouldBe(JobOutcomeKind.OutOfMemory);
    }

    [Fact]
    public void The_latest_attempt_counts() => Judge(Attempt(ExitCode.BadInput), Attempt(null)).ShouldBe(JobOutcomeKind.Killed);

    [Theory]
    [InlineData(true, nameof(JobOutcomeKind.Refused))]
    [InlineData(false, nameof(JobOutcomeKind.NeverStarted))]
    public void A_task_given_up_is_tried_again_only_where_that_can_help(bool isHopeless, string ending)
    {
        var report = JobOutcomeClassifier.Classify(
            new(0),
            new()
            {
                Asked = new(),
                Task = Task("CANCELLED", 0, 0),
                GivenUp = new(0, "PartitionTimeLimit", "give --time", isHopeless),
            }
        );
        report.Ending.ToString().ShouldBe(ending);
        report.Detail.ShouldBe("PartitionTimeLimit: give --time");
    }

    [Fact]
    public void Starts_that_came_to_nothing_are_told_also_when_the_last_one_succeeded()
    {
        var report = JobOutcomeClassifier.Classify(
            new(0),
            new()
            {
                Asked = new(),
                Task = Task("COMPLETED", 0, 0),
                Attempts = [Attempt(null), Attempt(ExitCode.Success)],
                Starts = [Task("PREEMPTED", 0, 15), Task("NODE_FAIL", 0, 0) with { Node = "n3" }, Task("COMPLETED", 0, 0)],
            }
        );
        report.Ending.ShouldBe(JobOutcomeKind.Finished);
        report.Events.ShouldBe(["pre-empted on n1", "node failed on n3", "2 attempts, 1 of which ended without a report"]);
    }

    [Fact]
    public void Why_a_task_waits_is_said_with_advice_where_waiting_will_not_end()
    {
        Words(Task("PENDING", 0, 0) with { Reason = "Resources" }).ShouldBe("Resources");
        Words(Task("PENDING", 0, 0) with { Reason = "PartitionTimeLimit" }).ShouldContain("give --time");
        Words(Task("SPECIAL_EXIT", 0, 0)).ShouldContain("holds it");
    }

    private static JobOutcomeKind Judge(params ProgressReport[] attempts) =>
        JobOutcomeClassifier
            .Classify(
                new(0),
                new()
                {
                    Asked = new() { MemoryBytes = Asked },
                    Task = Task("FAILED", 0, 9),
                    Attempts = attempts,
                }
            )
            .Ending;

    private static string Words(SlurmTask task) => JobOutcomeClassifier.Classify(new(0), new() { Asked = new(), Task = task }).Detail;

    private static SlurmTask Task(string state, int exit, int signal) =>
        new(5, 0, SlurmJobStates.Parse(state), state, "", exit, signal, "n1", 0);

    private static ProgressReport Attempt(ExitCode? ended) =>
        new()
        {
            Sequence = 1,
            Host = "n1",
            Pid = 4,
            ElementsDone = 3,
            ElementsTotal = 10,
            ResidentBytes = Asked / 4,
            Ended = ended,
        };
}
