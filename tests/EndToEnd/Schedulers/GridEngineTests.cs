using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;

namespace HpcFit.EndToEnd.Tests.Schedulers;

/// <summary>Runs whose jobs a real Grid Engine has.</summary>
[Collection(OnGridEngine.Name)]
[Trait("Category", "Cluster")]
public sealed class GridEngineTests(GridEngine cluster) : IDisposable
{
    private const string Analysis = "fit";
    private const int Elements = 655; // of a stripe: a chunk of 1 MB at 400 subjects

    private static readonly string[] Linear = ["--model", "lm", "--formula", "FD ~ Age + sex", "--full-outputs"];

    private readonly Study _study = new(elements: 4 * Elements, subjects: 400);

    private string Folder => _study.Combine("a run");

    [Fact]
    public void Jobs_end_merged_and_written_and_leave_nothing_behind()
    {
        Submit([], Linear, "--jobs", "4", "--array-throttle", "2", "--submit-option=-p", "--submit-option=-5").ShouldSucceed();
        WaitUntilWritten();
        Folder.ShouldSatisfyAllConditions(
            () => Run.PartialFiles().Count.ShouldBe(4),
            () => cluster.HpcFit("advance", Folder).ShouldSucceed().Output.ShouldContain("already written"),
            () => cluster.HpcFit("status", Folder).ShouldSucceed().Output.ShouldContain("round 0001 (sge): 4 jobs: 4 finished")
        );
        ShouldEqualTheResultsOfLocalWorkers(Linear);
    }

    [Fact]
    public void A_killed_task_a_time_limit_a_cancellation_and_a_resume_give_the_bits_of_local_workers()
    {
        string[] model =
        [
            "--model",
            "custom",
            "--function",
            RepositoryRoot.Combine("tests", "EndToEnd", "Slurm", "functions", "gated.R"),
            "--element-subset",
            string.Join(',', Enumerable.Range(0, 3).Select(stripe => $"{(stripe * Elements) + 1}:{(stripe * Elements) + 120}")),
            "--element-timeout",
            "90m",
        ];
        var gate = _study.Combine("gate");
        Submit(new() { ["HPCFIT_TEST_GATE"] = gate }, model, "--elements-per-job", "120", "--time", "40s").ShouldSucceed();
        // The tasks wait at the gate: one is killed, and the others reach their time limit.
        cluster.WaitUntil(() => AttemptsWithResults >= 3 && cluster.Workers().Count == 3, "three workers have published blocks", Story);
        var status = cluster.HpcFit("status", Folder).ShouldSucceed().Output;
        status.ShouldContain("round 0001 (sge): 3 jobs: 3 running");
        NativeSignal.Send(cluster.Workers().First(worker => worker.Task == 2).Pid, NativeSignal.Kill);
        cluster.WaitUntil(() => Run.Rounds().Count == 2 && cluster.Workers().Count > 0, "the second round runs", Story);
        var report = File.ReadAllText(Run.ReportFile);
        report.ShouldContain("2 time limit, 1 killed");
        report.ShouldContain("enforced h_rt");

        cluster.HpcFit("cancel", Folder).ShouldSucceed().Output.ShouldContain("cancelled  ");
        cluster.WaitUntilEmpty(Story);
        var stopped = cluster.HpcFit("status", Folder);
        stopped.Output.ShouldContain("state      stopped");
        stopped.Output.ShouldContain("no job of the run is in the queue");

        File.WriteAllText(gate, "");
        cluster.HpcFit("resume", Folder, "--time", "10m").ShouldSucceed().Output.ShouldContain("scheduler  sge");
        WaitUntilWritten();
        ShouldEqualTheResultsOfLocalWorkers(model);
    }

    [Fact]
    public void A_plain_array_over_a_plan_gives_the_same_results()
    {
        HpcFitProgram.Run(["plan", .. Arguments(Linear, "cluster.h5", Folder), "--jobs", "4"]).ShouldSucceed();
        var script = RepositoryRoot.Combine("deploy", "schedulers", "my-array.sh");
        cluster.Run("qsub", "-t", "1-4", "-sync", "y", "-wd", "/", "-o", "/dev/null", script, Folder, HpcFitProgram.Folder).ShouldSucceed();
        cluster.HpcFit("merge", Folder).ShouldSucceed();
        ShouldEqualTheResultsOfLocalWorkers(Linear);
    }

    [Fact]
    public void A_job_that_the_scheduler_refuses_leaves_nothing_in_the_queue()
    {
        const int schedulerFailure = 5,
            badInput = 3;
        Submit([], Linear, "--jobs", "4", "--account", "no-such-project").ShouldEndWith(schedulerFailure).ShouldSay("no-such-project");
        cluster.WaitUntilEmpty();
        Submit([], Linear, "--scheduler", "slurm").ShouldEndWith(badInput).ShouldSay("'sge'", "--run-dir");
        cluster.HpcFit("resume", Folder, "--launcher", "slurm").ShouldEndWith(badInput).ShouldSay("'sge'");
        // The refused request was recorded: a corrected one replaces it.
        cluster.HpcFit("resume", Folder, "--launcher", "local").ShouldSucceed();
        ShouldEqualTheResultsOfLocalWorkers(Linear);
    }

    [Fact]
    public void A_task_that_cannot_be_started_is_cancelled_by_the_watch_and_started_again()
    {
        // The first submission names an output that the node cannot create, so that its tasks wait in the state Eqw.
        Submit([], Linear, "--jobs", "2", "--submit-option=-o", "--submit-option=/no/such/folder/", "--watch-every", "20s")
            .ShouldSucceed();
        cluster.WaitUntil(() => cluster.Queue().Contains("Eqw", StringComparison.Ordinal), "the tasks wait in error", Story);
        cluster.HpcFit("status", Folder).Output.ShouldContain("sge reports Eqw");
        cluster.HpcFit("advance", Folder).ShouldSucceed();
        cluster.WaitUntil(() => !cluster.Queue().Contains("Eqw", StringComparison.Ordinal), "they are cancelled", Story);
        cluster.HpcFit("cancel", Folder).ShouldSucceed();
        cluster.WaitUntilEmpty(Story);
        cluster.HpcFit("resume", Folder, "--submit-option=-p", "--submit-option=-1").ShouldSucceed();
        WaitUntilWritten();
        ShouldEqualTheResultsOfLocalWorkers(Linear);
    }

    /// <summary>Ends jobs that a failed test left in the queue, before its folder is removed.</summary>
    public void Dispose()
    {
        cluster.EndAllJobs();
        _study.Dispose();
    }

    private RunDirectory Run => RunDirectory.Open(Folder);

    private int AttemptsWithResults =>
        Coverage.Read(Run, CancellationToken.None).Slices.Select(slice => slice.Block.Path).Distinct().Count();

    private Finished Submit(Dictionary<string, string> environment, string[] model, params string[] more) =>
        cluster.HpcFitWith(
            environment,
            [
                "submit",
                .. more.Contains("--scheduler") ? [] : (string[])["--scheduler", "sge"],
                .. Arguments(model, "cluster.h5", Folder),
                .. more,
            ]
        );

    private string[] Arguments(string[] model, string output, string run) =>
        [
            .. model,
            "--data",
            _study.Data,
            "--phenotypes",
            _study.Cohort,
            "--analysis",
            Analysis,
            "--output",
            _study.Combine(output),
            "--run-dir",
            run,
        ];

    private void WaitUntilWritten() =>
        cluster.WaitUntil(
            () =>
                File.Exists(Run.WrittenFile)
                && File.ReadAllText(Run.WrittenFile).Contains("\"isDone\": true", StringComparison.Ordinal)
                && cluster.Queue().Length == 0,
            "the results are written",
            Story
        );

    /// <summary>The output of the jobs of the run, for the message of a test that fails.</summary>
    private string Story() =>
        string.Join('\n', Directory.EnumerateFiles(Run.Logs, "*.out").Order().Select(file => $"--- {file}\n{File.ReadAllText(file)}"))
        + (File.Exists(Run.ReportFile) ? File.ReadAllText(Run.ReportFile) : "");

    private void ShouldEqualTheResultsOfLocalWorkers(string[] model)
    {
        HpcFitProgram
            .Run(["run", .. Arguments(model, "local.h5", _study.Combine("local")), "--workers", "2", "--threads", "1"])
            .ShouldSucceed();
        ResultsTable
            .Read(_study.Combine("cluster.h5"), Analysis)
            .ShouldHaveTheSameBitsAs(ResultsTable.Read(_study.Combine("local.h5"), Analysis));
    }
}
