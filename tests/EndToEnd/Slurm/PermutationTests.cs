using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.EndToEnd.Tests.Permutation;
using HpcFit.Shared.Runs;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>Faults of a cluster while shuffles are enhanced: the run ends with the bits of a run on this machine.</summary>
[Collection(OnCluster.Name)]
[Trait("Category", "Cluster")]
public sealed class PermutationTests(SlurmCluster cluster)
{
    private const int Shuffles = 1_536; // six jobs

    /// <summary>What comes first when the time limit of a job is near (<c>--signal=B:USR1@…</c> of the scripts).</summary>
    private const string Warning = "USR1";

    private const int Faults = 5;

    /// <remarks>
    /// Workers are stopped until their faults occur, so that they cannot end before. The one whose time is over stays stopped and cannot
    /// react to the warning: Slurm kills it.
    /// </remarks>
    [Fact]
    public void Kills_requeues_cancellations_and_time_limits_in_the_enhanced_stage_lose_no_shuffle()
    {
        using var study = new VoxelStudy(edge: 16, subjects: 30);
        try
        {
            cluster
                .HpcFitWith(
                    [],
                    study.Command("submit", "cluster", Shuffles, "--jobs", "6", "--partition", "preempt", "--watch-every", "45s")
                )
                .ShouldSucceed();
            var run = RunDirectory.Open(study.RunFolder("cluster", Shuffles));
            var stopped = new List<(int Pid, string Task)>();
            cluster.WaitUntil(() => Stop(stopped) >= Faults, $"{Faults} workers enhance shuffles", () => Story(run));

            cluster.Slurm("scontrol", "update", $"JobId={stopped[4].Task}", "TimeLimit=1").ShouldSucceed();
            NativeSignal.Send(stopped[0].Pid, NativeSignal.Kill);
            cluster.Slurm("scontrol", "requeue", stopped[1].Task).ShouldSucceed();
            cluster.Slurm("scancel", stopped[2].Task).ShouldSucceed();
            NativeSignal.Send(stopped[3].Pid, NativeSignal.Continue);
            cluster.Slurm("scancel", "--batch", "--signal", Warning, stopped[3].Task);
            cluster.WaitUntilTold(stopped[4].Task, "TIMEOUT", () => Story(run));

            cluster.WaitUntil(
                () =>
                    File.Exists(run.WrittenFile)
                    && File.ReadAllText(run.WrittenFile).Contains("\"isDone\": true", StringComparison.Ordinal)
                    && cluster.Queue().Count == 0,
                "the results are written",
                () => Story(run)
            );
            HpcFitProgram.Run(study.Command("run", "local", Shuffles, "--workers", "1", "--threads", "2")).ShouldSucceed();
            study.ShouldBeTheSame("cluster", "local");
        }
        finally
        {
            cluster.EndAllJobs();
        }
    }

    /// <summary>Stops workers of the enhanced stage that are not stopped yet; returns how many are.</summary>
    private int Stop(List<(int Pid, string Task)> stopped)
    {
        foreach (var (_, pid, environment) in cluster.Workers())
        {
            if (stopped.Count == Faults || stopped.Exists(one => one.Pid == pid) || !IsEnhancing(pid))
                continue;
            NativeSignal.Send(pid, NativeSignal.Stop);
            stopped.Add((pid, $"{environment["SLURM_ARRAY_JOB_ID"]}_{environment["SLURM_ARRAY_TASK_ID"]}"));
        }
        return stopped.Count;
    }

    private static bool IsEnhancing(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains("stages/enhanced", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Story(RunDirectory run) =>
        string.Join(
            '\n',
            Directory
                .EnumerateFiles(run.Root, "*.out", SearchOption.AllDirectories)
                .Order()
                .Select(file => $"--- {file}\n{File.ReadAllText(file)}")
        );
}
