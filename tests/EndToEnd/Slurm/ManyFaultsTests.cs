using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>Everything that goes wrong on clusters, in one run: it still ends written, with the bits of local workers, and its report names each event.</summary>
[Collection(OnCluster.Name)]
public sealed class ManyFaultsTests(SlurmCluster cluster)
{
    private const int Elements = 655; // of a stripe: a chunk of 1 MB at 400 subjects
    private const int Jobs = 20;
    private const int AtOnce = 16; // jobs that four nodes run
    private const string Asleep = "0.2"; // seconds an element: 20 s a job of 100 elements
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(3);

    [Fact]
    public void A_run_outlives_everything_that_happens_on_clusters()
    {
        var subset = string.Join(',', Enumerable.Range(0, Jobs).Select(stripe => $"{(stripe * Elements) + 1}:{(stripe * Elements) + 100}"));
        using var study = SlurmStudy.Function(cluster, "sleepy.R", Jobs * Elements, 400, "--element-subset", subset);
        // No task ends before all faults have happened, however slow the machine is.
        var gate = Path.Combine(study.Folder, "gate");
        var environment = new Dictionary<string, string> { ["HPCFIT_TEST_SLEEP"] = Asleep, ["HPCFIT_TEST_GATE"] = gate };
        study.Submit(environment, "--elements-per-job", "100", "--time", "30", "--element-timeout", "10m", "--partition", "preempt", "--watch-every", "45s").ShouldSucceed();
        study.Run.ReadRound(new(1)).Jobs.Count.ShouldBe(Jobs);

        cluster.WaitUntil(() => Workers().Count == AtOnce, $"{AtOnce} workers are at work", Soon, () => study.Story);
        cluster.Slurm("scontrol", "update", $"JobId={Workers()[0].Environment["SLURM_ARRAY_JOB_ID"]}_0", "TimeLimit=1").ShouldSucceed();
        cluster.WaitUntil(() => study.AttemptsWithResults >= AtOnce, "they have published blocks", Soon, () => study.Story);
        cluster.WaitUntil(() => TasksOn("n1").All(task => task.Task != "0"), "job 0 is out of time", Soon);
        var onFirst = TasksOn("n1").Where(task => int.TryParse(task.Task, out var number) && number < AtOnce).Take(3).ToList();
        onFirst.Count.ShouldBe(3);
        var (requeued, cancelled, killed) = (onFirst[0], onFirst[1], onFirst[2]);
        var twice = TasksOn("n4")[0];

        using var second = Running.Start(
            HpcFitProgram.Worker, ["fit", "--run", study.RunFolder, "--round", "1", "--job", twice.Task, "--threads", "1"], environment);
        cluster.Slurm("scontrol", "requeue", $"{requeued.Job}_{requeued.Task}").ShouldSucceed();
        cluster.Slurm("scancel", $"{cancelled.Job}_{cancelled.Task}").ShouldSucceed();
        NativeSignal.Send(Workers().Single(worker => worker.Environment["SLURM_ARRAY_TASK_ID"] == killed.Task).Pid, NativeSignal.Kill);
        cluster.Node("kill", "n2");
        cluster.Node("hang", "n3");
        // A trace that stays: a controller busy with dead nodes may not answer squeue while the job runs.
        var taken = Path.Combine(study.RunFolder, "logs", "n4-is-taken");
        cluster.Slurm("sbatch", "-p", "main", "-w", "n4", "-n", "4", "-o", taken, "--wrap", "echo taken; sleep 3").ShouldSucceed();

        cluster.WaitUntil(() => File.Exists(taken) && new FileInfo(taken).Length > 0, "n4 is taken from the run", Soon);
        File.WriteAllText(gate, "");
        RestartController(study);
        cluster.WaitUntil(() => IsDown("n2") && IsDown("n3"), "the controller notices both nodes", Soon);
        cluster.Node("unhang", "n3");
        cluster.Node("start", "n2");
        second.Wait().ShouldSucceed();

        KillTheAdvanceJob();
        study.WaitUntilWritten(TimeSpan.FromMinutes(6));
        cluster.Processes().ShouldBeEmpty();
        study.ShouldHoldWhatLocalWorkersGive();

        var report = File.ReadAllText(study.Run.ReportFile);
        ShouldName(report, $"job {requeued.Task}: requeued on n1");
        ShouldName(report, $"job {cancelled.Task}: cancelled");
        ShouldName(report, $"job {killed.Task}: ended by signal 9 on n1");
        ShouldName(report, "job 0: time limit");
        ShouldName(report, "node failed on n2");
        ShouldName(report, "node failed on n3");
        ShouldName(report, "pre-empted on n4");
        report.Split('\n').ShouldContain(line => line.StartsWith($"  job {twice.Task}: ", StringComparison.Ordinal) && line.Contains("attempts", StringComparison.Ordinal), report);
        ShouldName(report, "was not answered");
        report.Split('\n').ShouldContain(line => line.StartsWith("advance job", StringComparison.Ordinal) && line.Contains("signal 9", StringComparison.Ordinal), report);
    }

    private static void ShouldName(string report, string words) => report.ShouldContain(words, Case.Sensitive, report);

    private List<(string Program, int Pid, IReadOnlyDictionary<string, string> Environment)> Workers() =>
        [.. cluster.Processes().Where(one => one.Program == "hpcfit-worker" && one.Environment.ContainsKey("SLURM_ARRAY_TASK_ID"))];

    private List<(string Job, string Task, string State, string Node, string Name)> TasksOn(string node) => [.. cluster.Queue().Where(task => task.Node == node && task.State == "RUNNING")];

    private bool IsDown(string node) => cluster.Slurm("sinfo", "-h", "-N", "-p", "main", "-n", node, "-o", "%T").Output.StartsWith("down", StringComparison.Ordinal);

    /// <summary>Somebody types advance while the controller restarts: the command waits for it.</summary>
    private void RestartController(SlurmStudy study)
    {
        cluster.Node("stop-controller");
        using var advance = Running.Start(Path.Combine(HpcFitProgram.Folder, "hpcfit"), ["advance", study.RunFolder], cluster.Variables);
        cluster.WaitUntil(() => File.Exists(study.Run.NotesFile) && File.ReadAllText(study.Run.NotesFile).Contains("was not answered", StringComparison.Ordinal), "advance meets no controller", Soon);
        advance.HasExited.ShouldBeFalse("advance does not wait for the controller");
        cluster.Node("start-controller");
        advance.Wait().ShouldSucceed().ShouldSay("not answered");
    }

    private void KillTheAdvanceJob()
    {
        int? victim = null;
        cluster.WaitUntil(
            () => (victim = cluster.Processes().FirstOrDefault(one => one.Program == "hpcfit" && one.Environment.GetValueOrDefault("SLURM_JOB_NAME", "").Contains("next", StringComparison.Ordinal)).Pid) > 0,
            "the advance job runs", TimeSpan.FromMinutes(4));
        NativeSignal.Send(victim!.Value, NativeSignal.Kill);
    }
}
