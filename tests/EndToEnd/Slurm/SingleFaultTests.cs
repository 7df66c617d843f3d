using System.Diagnostics;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>
/// Each fault separately, on the real cluster: <c>./test --slurm-faults</c>. Continuous integration simulates all of them in one run
/// (<see cref="ManyFaultsTests"/>).
/// </summary>
[Collection(OnCluster.Name)]
[Trait("Category", "SlurmFaults")]
public sealed class SingleFaultTests(SlurmCluster cluster)
{
    private const int Elements = 655; // of a stripe: a chunk of 1 MB at 400 subjects
    private const int Jobs = 6;

    [Fact]
    public void A_time_limit_keeps_what_was_finished_and_the_rest_is_done_again() =>
        Play(
            study =>
            {
                var task = TaskAtWork();
                cluster.Slurm("scontrol", "update", $"JobId={task.Name}", "TimeLimit=1").ShouldSucceed();
                cluster.WaitUntilTold(task.Name, "TIMEOUT", () => study.Story);
            },
            "time limit"
        );

    [Fact]
    public void A_requeued_task_is_done_again() =>
        Play(
            study =>
            {
                var task = TaskAtWork();
                cluster.Slurm("scontrol", "requeue", task.Name).ShouldSucceed();
                cluster.WaitUntilTold(task.Name, "REQUEUED", () => study.Story);
            },
            "requeued on"
        );

    [Fact]
    public void A_cancelled_task_is_done_again() =>
        Play(
            study =>
            {
                var task = TaskAtWork();
                cluster.Slurm("scancel", task.Name).ShouldSucceed();
                cluster.WaitUntilTold(task.Name, "CANCELLED", () => study.Story);
            },
            "cancelled"
        );

    [Fact]
    public void A_killed_worker_is_started_again() =>
        Play(
            study =>
            {
                var worker = cluster.Workers()[0];
                NativeSignal.Send(worker.Pid, NativeSignal.Kill);
                cluster.WaitUntilTold(
                    $"{worker.Environment["SLURM_ARRAY_JOB_ID"]}_{worker.Environment["SLURM_ARRAY_TASK_ID"]}",
                    "FAILED",
                    () => study.Story
                );
            },
            "ended by signal 9"
        );

    [Fact]
    public void The_tasks_of_a_node_without_power_are_done_elsewhere() =>
        Play(
            study =>
            {
                var node = TaskAtWork().Node;
                cluster.Node("kill", node);
                cluster.WaitUntilFailed(node, () => study.Story);
                cluster.Node("start", node);
            },
            "node failed on"
        );

    [Fact]
    public void A_node_that_hangs_and_comes_back_does_no_harm() =>
        Play(
            study =>
            {
                var node = TaskAtWork().Node;
                cluster.Node("hang", node);
                cluster.WaitUntilFailed(node, () => study.Story);
                study.OpenGate();
                cluster.Unhang(node, () => study.Story);
            },
            "node failed on"
        );

    [Fact]
    public void A_pre_empted_task_waits_and_is_done_again() =>
        Play(
            study =>
            {
                var task = TaskAtWork();
                cluster
                    .Slurm("sbatch", "-p", "main", "-w", task.Node, "-N", "1", "-n", "4", "-o", "/dev/null", "--wrap", "sleep 3")
                    .ShouldSucceed();
                cluster.WaitUntilTold(task.Name, "PREEMPTED", () => study.Story);
            },
            "pre-empted on"
        );

    [Fact]
    public void Two_attempts_at_once_agree() =>
        Play(
            study =>
            {
                using var second = Running.Start(
                    HpcFitProgram.Worker,
                    ["fit", "--run", study.RunFolder, "--round", "1", "--job", "0", "--threads", "1"],
                    study.GatedOutside
                );
                cluster.WaitUntil(() => study.AttemptsWithResults > Jobs, "the second attempt has published blocks", () => study.Story);
                study.OpenGate();
                second.Wait().ShouldSucceed();
            },
            "2 attempts"
        );

    [Fact]
    public void A_controller_that_restarts_is_waited_for() => Play(study => study.RestartTheController(), "was not answered");

    [Fact]
    public void A_killed_advance_job_is_replaced_by_the_watch() =>
        Play(
            study =>
            {
                using var held = study.HoldRounds();
                study.OpenGate();
                study.KillTheAdvanceJob();
            },
            "signal 9"
        );

    [Fact]
    public void A_task_over_its_memory_gets_more()
    {
        using var study = SlurmStudy.Function(cluster, "hungry.R", Jobs * Elements, 400, "--element-subset", Subset);
        // The function holds its memory until it is killed. A plain kill has no known reason: repeated unchanged, then with more memory.
        study
            .Submit(new() { ["HPCFIT_TEST_MEGABYTES"] = "700" }, "--elements-per-job", "120", "--mem", "600M", "--watch-every", "45s")
            .ShouldSucceed();
        study.WaitUntilWritten();
        study.ShouldEqualTheResultsOfLocalWorkers();
        study
            .Run.Rounds()
            .Max(round => study.Run.ReadRound(round).Jobs.Max(job => job.Resources?.MemoryBytes ?? 0))
            .ShouldBeGreaterThan(600L << 20);
        File.ReadAllText(study.Run.ReportFile).ShouldContain("ended by signal 9");
    }

    [Fact]
    public void A_full_run_directory_stops_the_run_until_space_is_freed()
    {
        using var study = SlurmStudy.Linear(cluster, Jobs * Elements, 400);
        Directory.CreateDirectory(study.RunFolder);
        Mount("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", study.RunFolder);
        try
        {
            // A node sees what was mounted when it started.
            cluster.Node("kill", "n1", "n2", "n3", "n4");
            cluster.Node("start", "n1", "n2", "n3", "n4");
            study.Submit([], "--jobs", "6", "--watch-every", "1h", "--array-throttle", "1").ShouldSucceed();
            var filler = Path.Combine(study.RunFolder, "filler");
            using (var process = Process.Start("dd", ["if=/dev/zero", $"of={filler}", "bs=64k", "status=none"]))
                process.WaitForExit();
            cluster.WaitUntil(
                () => cluster.Queue().All(task => task.Name.Contains("watch", StringComparison.Ordinal)),
                "all tasks have failed",
                () => study.Story
            );
            File.Exists(study.Run.WrittenFile).ShouldBeFalse();

            File.Delete(filler);
            // Slurm could not even create the tasks' logs: every job died at once, so the run stops and asks the user instead of using up
            // rounds.
            cluster.HpcFit("resume", study.RunFolder).ShouldSucceed();
            study.WaitUntilWritten();
            study.ShouldEqualTheResultsOfLocalWorkers();
        }
        finally
        {
            cluster.EndAllJobs();
            Mount("umount", "-l", study.RunFolder);
        }
    }

    /// <summary>120 elements of each of the first stripes.</summary>
    private static string Subset =>
        string.Join(',', Enumerable.Range(0, Jobs).Select(stripe => $"{(stripe * Elements) + 1}:{(stripe * Elements) + 120}"));

    /// <summary>
    /// A run whose tasks all wait at the gate; the fault; the gate is opened; then the same bits as without the fault, and the fault's name
    /// in the report.
    /// </summary>
    private void Play(Action<SlurmStudy> fault, string words)
    {
        using var study = SlurmStudy.Function(cluster, "gated.R", Jobs * Elements, 400, "--element-subset", Subset);
        study
            .Submit(
                study.Gated,
                "--elements-per-job",
                "120",
                "--time",
                "120",
                "--element-timeout",
                "90m",
                "--partition",
                "preempt",
                "--watch-every",
                "45s"
            )
            .ShouldSucceed();
        cluster.WaitUntil(
            () => cluster.Workers().Count == Jobs && study.AttemptsWithResults >= Jobs,
            "the workers are at work and have published blocks",
            () => study.Story
        );
        fault(study);
        study.OpenGate();
        study.WaitUntilWritten();
        study.WaitUntilGone();
        study.ShouldEqualTheResultsOfLocalWorkers();
        var report = File.ReadAllText(study.Run.ReportFile);
        report.ShouldContain(words, Case.Sensitive, report);
    }

    private (string Name, string Node) TaskAtWork() =>
        cluster
            .Queue()
            .Where(task => task.State == "RUNNING" && task.Task != "N/A" && task.Task != "0")
            .Select(task => ($"{task.Job}_{task.Task}", task.Node))
            .First();

    private static void Mount(string program, params string[] arguments)
    {
        using var running = Running.Start(program, arguments);
        running.Wait().ShouldSucceed();
    }
}
