using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Client;

/// <summary>
/// The parsers on what Slurm 22.05.8 printed, recorded on the test cluster of tests/EndToEnd/Slurm/cluster, and on what other versions and
/// sites print.
/// </summary>
public class RecordedOutputTests
{
    private const string Squeue = """
        16          2           CANCELLED               None                                            n1                                                              0       15          
        16          5           COMPLETED               None                                            n2                                                              0       0           
        16          1           FAILED                  JobLaunchFailure                                n1                                                              0       9           
        16          0           FAILED                  NonZeroExitCode                                 n1                                                              0       768         
        16          3           PENDING                 BeginTime                                                                                                       1       0           
        16          4           RUNNING                 None                                            n2                                                              0       0           
        22          1           PENDING                 PartitionTimeLimit                                                                                              0       0           
        31          N/A         COMPLETING              None                                            n3                                                              0       0           
        """;

    private const string Sacct = """
        16_0|FAILED|3:0|n1|None
        16_1|FAILED|0:9|n1|None
        16_2|CANCELLED by 0|0:0|n1|None
        16_3|REQUEUED|0:0|n1|None
        16_4|RUNNING|0:0|n2|None
        16_5|COMPLETED|0:0|n2|None
        16_3|PENDING|0:0|None assigned|BeginTime
        1_[3-5,7%3]|PENDING|0:0|None assigned|JobArrayTaskLimit
        """;

    [Fact]
    public void Squeue_gives_state_reason_node_restarts_and_how_it_ended()
    {
        var tasks = SqueueTasks.Parse(Squeue);
        tasks.Count.ShouldBe(8);
        tasks[0].ShouldBe(new(16, 2, SlurmJobState.Cancelled, "CANCELLED", "", 0, 15, "n1", 0));
        tasks[2].ShouldBe(new(16, 1, SlurmJobState.Failed, "FAILED", "JobLaunchFailure", 0, 9, "n1", 0));
        tasks[3].ShouldBe(new(16, 0, SlurmJobState.Failed, "FAILED", "NonZeroExitCode", 3, 0, "n1", 0));
        tasks[4].ShouldBe(new(16, 3, SlurmJobState.Pending, "PENDING", "BeginTime", 0, 0, "", 1));
        tasks[6].Reason.ShouldBe("PartitionTimeLimit");
        tasks[7].ShouldBe(new(31, null, SlurmJobState.Completing, "COMPLETING", "", 0, 0, "n3", 0));
    }

    [Fact]
    public void Squeue_lines_that_are_none_are_passed_over() =>
        SqueueTasks.Parse("slurm_load_jobs error: Unable to contact slurm controller\n\n   \nx").ShouldBeEmpty();

    [Fact]
    public void Sacct_gives_every_start_in_its_order()
    {
        var starts = SacctJobs.Parse(Sacct);
        starts.Count.ShouldBe(11);
        var third = starts.Where(start => start.Job == 16 && start.Task == 3).ToList();
        third
            .Select(start => (start.State, start.Node, start.Restarts))
            .ShouldBe([(SlurmJobState.Requeued, "n1", 0), (SlurmJobState.Pending, "", 1)]);
        starts.Single(start => start.Name == "16_1").Signal.ShouldBe(9);
        starts.Where(start => start.Job == 1).Select(start => start.Task!.Value).ShouldBe([3, 4, 5, 7]);
    }

    [Theory]
    [InlineData("COMPLETED", nameof(SlurmJobState.Completed))]
    [InlineData("CANCELLED by 1000", nameof(SlurmJobState.Cancelled))]
    [InlineData("CANCELLED+", nameof(SlurmJobState.Cancelled))]
    [InlineData("NODE_FAIL", nameof(SlurmJobState.NodeFail))]
    [InlineData("TIMEOUT", nameof(SlurmJobState.TimeOut))]
    [InlineData("OUT_OF_MEMORY", nameof(SlurmJobState.OutOfMemory))]
    [InlineData("OUT_OF_ME+", nameof(SlurmJobState.Unknown))]
    [InlineData("PENDING,REQUEUED", nameof(SlurmJobState.Pending))]
    [InlineData("EXPEDITING", nameof(SlurmJobState.Unknown))]
    [InlineData("", nameof(SlurmJobState.Unknown))]
    public void States_are_read_and_unknown_words_are_said_to_be_unknown(string text, string state) =>
        SlurmJobStates.Parse(text).ToString().ShouldBe(state);

    [Fact]
    public void Every_known_state_is_waiting_active_or_over_and_nothing_else()
    {
        foreach (var state in Enum.GetValues<SlurmJobState>().Where(state => state != SlurmJobState.Unknown))
            new[] { state.IsWaiting(), state.IsActive(), state.HasEnded() }.Count(yes => yes).ShouldBe(1, state.ToString());
        new[] { SlurmJobState.Unknown.IsWaiting(), SlurmJobState.Unknown.IsActive(), SlurmJobState.Unknown.HasEnded() }.ShouldNotContain(
            true
        );
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("0-3,9", "0,1,2,3,9")]
    [InlineData("[0-300:100%4]", "0,100,200,300")]
    [InlineData("N/A", "")]
    [InlineData("(null)", "")]
    [InlineData("1,2,...", "")]
    public void Task_lists_are_read(string text, string tasks) => string.Join(',', TaskIds.Parse(text)).ShouldBe(tasks);

    [Fact]
    public void Task_lists_are_written_as_they_are_read()
    {
        TaskIds.Format([0, 1, 2, 5, 7, 8]).ShouldBe("0-2,5,7-8");
        TaskIds.Parse(TaskIds.Format([0, 1, 2, 5, 7, 8])).ShouldBe([0, 1, 2, 5, 7, 8]);
    }

    [Theory]
    [InlineData("30", "00:30:00")]
    [InlineData("90:30", "01:31:00")]
    [InlineData("1:30:00", "01:30:00")]
    [InlineData("2-12", "2-12:00:00")]
    [InlineData("2-12:30", "2-12:30:00")]
    [InlineData("UNLIMITED", null)]
    [InlineData("infinite", null)]
    [InlineData("NONE", null)]
    public void Time_limits_are_read_and_written_in_whole_minutes(string text, string? written) =>
        (SlurmTime.Parse(text) is { } time ? SlurmTime.Format(time) : null).ShouldBe(written);

    [Theory]
    [InlineData("4G", 4L << 30)]
    [InlineData("500", 500L << 20)]
    [InlineData("500m", 500L << 20)]
    [InlineData("1T", 1L << 40)]
    [InlineData("0", null)]
    [InlineData("much", null)]
    [InlineData("4GB", null)]
    [InlineData("99999999999T", null)]
    public void Memory_sizes_are_read_as_sbatch_reads_them(string text, long? bytes) => MemorySize.Parse(text).ShouldBe(bytes);

    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", true)]
    [InlineData("slurm_load_jobs error: Unable to contact slurm controller (connect failure)", true)]
    [InlineData("sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying", true)]
    [InlineData("sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified", false)]
    [InlineData(
        "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
        false
    )]
    public void What_passes_is_told_from_what_stays(string words, bool isTransient) =>
        TransientErrors.Match(new(CommandEnding.Ended, 1, "", words)).ShouldBe(isTransient);
}
