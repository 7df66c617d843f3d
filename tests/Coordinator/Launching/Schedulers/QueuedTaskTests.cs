using HpcFit.Coordinator.Launching.Schedulers;

namespace HpcFit.Coordinator.Tests.Launching.Schedulers;

public class QueuedTaskTests
{
    /// <summary>Printed by Son of Grid Engine 8.1.9.</summary>
    private const string GridEngine = """
        <job_info  xmlns:xsd="http://arc.liv.ac.uk/repos/darcs/sge/source/dist/util/resources/schemas/qstat/qstat.xsd">
          <queue_info>
            <job_list state="running">
              <JB_job_number>1</JB_job_number>
              <JB_name>hpcfit-abcdef12-r0001-long-name</JB_name>
              <state>r</state>
              <slots>1</slots>
              <tasks>3</tasks>
            </job_list>
            <job_list state="running">
              <JB_job_number>3</JB_job_number>
              <JB_name>tl</JB_name>
              <state>dr</state>
              <slots>1</slots>
            </job_list>
          </queue_info>
          <job_info>
            <job_list state="pending">
              <JB_job_number>5</JB_job_number>
              <JB_name>bad</JB_name>
              <state>Eqw</state>
              <slots>1</slots>
              <tasks>1,2</tasks>
            </job_list>
            <job_list state="pending">
              <JB_job_number>1</JB_job_number>
              <JB_name>hpcfit-abcdef12-r0001-long-name</JB_name>
              <state>hqw</state>
              <slots>1</slots>
              <tasks>4-6:1,9</tasks>
            </job_list>
          </job_info>
        </job_info>
        """;

    /// <summary>In the form of the manual of PBS Professional 2022.1.</summary>
    private const string Pbs = """
        Job Id: 12[].pbs
            Job_Name = hpcfit-a0
            job_state = B
            array = True

        Job Id: 12[1].pbs
            Job_Name = hpcfit-a0
            job_state = R

        Job Id: 12[2].pbs
            Job_Name = hpcfit-a0
            job_state = X

        Job Id: 13.pbs
            Job_Name = hpcfit-next
            job_state = H

        """;

    /// <summary>In the form of the manual of LSF 10.1.</summary>
    private const string Lsf = "12|1|RUN|hpcfit-a0[1]\n12|2|PEND|hpcfit-a0[2]\n12|3|EXIT|hpcfit-a0[3]\n13|0|PEND|hpcfit-next\n";

    [Fact]
    public void Tasks_of_grid_engine() =>
        Parse("sge", GridEngine)
            .ShouldBe([
                new("1", "hpcfit-abcdef12-r0001-long-name", 3, QueuedState.Running, "r"),
                new("3", "tl", null, QueuedState.Running, "dr"),
                new("5", "bad", 1, QueuedState.Failed, "Eqw"),
                new("5", "bad", 2, QueuedState.Failed, "Eqw"),
                new("1", "hpcfit-abcdef12-r0001-long-name", 4, QueuedState.Waiting, "hqw"),
                new("1", "hpcfit-abcdef12-r0001-long-name", 5, QueuedState.Waiting, "hqw"),
                new("1", "hpcfit-abcdef12-r0001-long-name", 6, QueuedState.Waiting, "hqw"),
                new("1", "hpcfit-abcdef12-r0001-long-name", 9, QueuedState.Waiting, "hqw"),
            ]);

    [Fact]
    public void An_empty_queue_has_no_tasks() => Parse("sge", "<job_info>\n <queue_info>\n </queue_info>\n</job_info>\n").ShouldBeEmpty();

    [Fact]
    public void Tasks_of_pbs() =>
        Parse("pbspro", Pbs)
            .ShouldBe([
                new("12", "hpcfit-a0", null, QueuedState.Running, "B"),
                new("12", "hpcfit-a0", 1, QueuedState.Running, "R"),
                new("13", "hpcfit-next", null, QueuedState.Waiting, "H"),
            ]);

    [Fact]
    public void Tasks_of_lsf() =>
        Parse("lsf", Lsf)
            .ShouldBe([
                new("12", "hpcfit-a0", 1, QueuedState.Running, "RUN"),
                new("12", "hpcfit-a0", 2, QueuedState.Waiting, "PEND"),
                new("13", "hpcfit-next", 0, QueuedState.Waiting, "PEND"),
            ]);

    [Theory]
    [InlineData("3", new[] { 3 })]
    [InlineData("1-9:4", new[] { 1, 5, 9 })]
    [InlineData("", new int[0])]
    [InlineData("undefined", new int[0])]
    [InlineData("1-3:0", new int[0])]
    public void Lists_of_indices(string text, int[] indices) => QueuedTask.Indices(text).ShouldBe(indices);

    private static IReadOnlyList<QueuedTask> Parse(string scheduler, string output) =>
        QueuedTask.Parse(Descriptions.Read(scheduler).Queue, output);
}
