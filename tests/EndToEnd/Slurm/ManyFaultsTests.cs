using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>
/// All kinds of cluster faults in one run: the run still ends with its results written, with the same bits as with local workers, and its
/// report lists every event.
/// </summary>
[Collection(OnCluster.Name)]
[Trait("Category", "Cluster")]
public sealed class ManyFaultsTests(SlurmCluster cluster)
{
    private const int Elements = 655; // of a stripe: a chunk of 1 MB at 400 subjects
    private const int Jobs = 20;
    private const int AtOnce = 16; // jobs that four nodes run

    /// <remarks>
    /// Every function waits at a gate, which is opened when the accounting, from which the report is made, shows that each fault has
    /// occurred:
    /// so no task can end before its fault, however slow or fast the machine is.
    /// </remarks>
    [Fact]
    public void A_run_survives_every_cluster_fault()
    {
        var subset = string.Join(',', Enumerable.Range(0, Jobs).Select(stripe => $"{(stripe * Elements) + 1}:{(stripe * Elements) + 100}"));
        using var study = SlurmStudy.Function(cluster, "gated.R", Jobs * Elements, 400, "--element-subset", subset);
        study
            .Submit(
                study.Gated,
                "--elements-per-job",
                "100",
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
        study.Run.ReadRound(new(1)).Jobs.Count.ShouldBe(Jobs);

        cluster.WaitUntil(
            () => cluster.Workers().Count == AtOnce && study.AttemptsWithResults >= AtOnce,
            $"{AtOnce} workers are at work and have published blocks",
            () => study.Story
        );
        var atWork = TasksOn("n1");
        atWork.Count.ShouldBe(AtOnce / 4);
        var (late, requeued, cancelled, killed) = (atWork[0], atWork[1], atWork[2], atWork[3]);
        var twice = TasksOn("n4")[0];
        using var second = Running.Start(
            HpcFitProgram.Worker,
            ["fit", "--run", study.RunFolder, "--round", "1", "--job", twice.Task, "--threads", "1"],
            study.GatedOutside
        );

        cluster.Slurm("scontrol", "update", $"JobId={late.Name}", "TimeLimit=1").ShouldSucceed();
        cluster.Slurm("scontrol", "requeue", requeued.Name).ShouldSucceed();
        cluster.Slurm("scancel", cancelled.Name).ShouldSucceed();
        NativeSignal.Send(
            cluster.Workers().Single(worker => worker.Environment["SLURM_ARRAY_TASK_ID"] == killed.Task).Pid,
            NativeSignal.Kill
        );
        cluster.Node("kill", "n2");
        cluster.Node("hang", "n3");
        cluster.Slurm("sbatch", "-p", "main", "-w", "n4", "-N", "1", "-n", "4", "-o", "/dev/null", "--wrap", "sleep 3").ShouldSucceed();
        cluster.WaitUntilTold(twice.Name, "PREEMPTED", () => study.Story);
        study.RestartTheController();
        foreach (
            var (task, state) in ((ArrayTask, string)[])
                [(late, "TIMEOUT"), (requeued, "REQUEUED"), (cancelled, "CANCELLED"), (killed, "FAILED")]
        )
            cluster.WaitUntilTold(task.Name, state, () => study.Story);
        foreach (var node in (string[])["n2", "n3"])
            cluster.WaitUntilFailed(node, () => study.Story);

        using (study.HoldRounds())
        {
            study.OpenGate();
            cluster.Unhang("n3", () => study.Story);
            cluster.Node("start", "n2");
            second.Wait().ShouldSucceed();
            study.KillTheAdvanceJob();
        }
        study.WaitUntilWritten();
        study.WaitUntilGone();
        study.ShouldEqualTheResultsOfLocalWorkers();

        var report = File.ReadAllText(study.Run.ReportFile);
        foreach (
            var words in (string[])
                [
                    $"job {late.Task}: time limit",
                    $"job {requeued.Task}: requeued on n1",
                    $"job {cancelled.Task}: cancelled",
                    $"job {killed.Task}: ended by signal 9 on n1",
                    "node failed on n2",
                    "node failed on n3",
                    $"job {twice.Task}: pre-empted on n4",
                    "was not answered",
                ]
        )
            report.ShouldContain(words, Case.Sensitive, report);
        report
            .Split('\n')
            .ShouldContain(
                line =>
                    line.StartsWith($"  job {twice.Task}: ", StringComparison.Ordinal)
                    && line.Contains("attempts", StringComparison.Ordinal),
                report
            );
        report
            .Split('\n')
            .ShouldContain(
                line => line.StartsWith("advance job", StringComparison.Ordinal) && line.Contains("signal 9", StringComparison.Ordinal),
                report
            );
    }

    private List<ArrayTask> TasksOn(string node) =>
        [
            .. cluster
                .Queue()
                .Where(task => task.Node == node && task.State == "RUNNING" && int.TryParse(task.Task, out _))
                .Select(task => new ArrayTask(task.Job, task.Task)),
        ];

    /// <summary>A task of the first round, whose array's first job is 0.</summary>
    private sealed record ArrayTask(string Array, string Task)
    {
        public string Name => $"{Array}_{Task}";
    }
}
