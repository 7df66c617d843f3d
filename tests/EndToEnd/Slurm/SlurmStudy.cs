using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>A study whose runs go to the cluster, and the results of the same run with local workers.</summary>
internal sealed class SlurmStudy : IDisposable
{
    private const string Analysis = "fit";

    private readonly SlurmCluster _cluster;
    private readonly Study _study;
    private readonly string[] _model;

    private SlurmStudy(SlurmCluster cluster, Study study, params string[] model) => (_cluster, _study, _model) = (cluster, study, model);

    public RunDirectory Run => RunDirectory.Open(_study.Combine("run"));

    public string Folder => _study.Folder;

    public string RunFolder => _study.Combine("run");

    /// <summary>Variables that let functions/gated.R wait until <see cref="OpenGate"/>.</summary>
    public Dictionary<string, string> Gated => new() { ["HPCFIT_TEST_GATE"] = Gate };

    /// <summary>The same for a worker that is started outside the cluster.</summary>
    public Dictionary<string, string> GatedOutside => new(Gated) { ["HPCFIT_TEST_STOP"] = "1" };

    private string Gate => _study.Combine("gate");

    /// <summary>Attempts that published blocks of results.</summary>
    public int AttemptsWithResults =>
        Coverage.Read(Run, CancellationToken.None).Slices.Select(slice => slice.Block.Path).Distinct().Count();

    /// <summary>The output of the commands and jobs of the run, for the message of a test that fails.</summary>
    public string Story =>
        string.Join(
            '\n',
            Directory
                .EnumerateFiles(Path.Combine(RunFolder, "logs"), "*.out")
                .Order()
                .Where(file => !Path.GetFileName(file).StartsWith('0'))
                .Select(file => $"--- {file}\n{File.ReadAllText(file)}")
        ) + (File.Exists(Run.ReportFile) ? File.ReadAllText(Run.ReportFile) : "");

    /// <summary>lm at every element.</summary>
    public static SlurmStudy Linear(SlurmCluster cluster, int elements, int subjects) =>
        new(cluster, new(elements, subjects), "--model", "lm", "--formula", "FD ~ Age + sex + motion", "--full-outputs");

    /// <summary>A function in R (tests/EndToEnd/Slurm/functions), which may wait on the cluster and never does in the local run.</summary>
    public static SlurmStudy Function(SlurmCluster cluster, string function, int elements, int subjects, params string[] more) =>
        new(
            cluster,
            new(elements, subjects),
            ["--model", "custom", "--function", RepositoryRoot.Combine("tests", "EndToEnd", "Slurm", "functions", function), .. more]
        );

    /// <summary>Lets functions continue.</summary>
    public void OpenGate() => File.WriteAllText(Gate, "");

    /// <summary>Submits the run.</summary>
    public Finished Submit(Dictionary<string, string> environment, params string[] more) =>
        _cluster.HpcFitWith(environment, ["submit", .. Arguments("cluster.h5", "run"), .. more]);

    /// <summary>Plans the run, for arrays made by hand.</summary>
    public Finished Plan(params string[] more) => HpcFitProgram.Run(["plan", .. Arguments("cluster.h5", "run"), .. more]);

    /// <summary>Waits until the results are written and the queue holds nothing of the run.</summary>
    public void WaitUntilWritten() =>
        _cluster.WaitUntil(
            () =>
                File.Exists(Run.WrittenFile)
                && File.ReadAllText(Run.WrittenFile).Contains("\"isDone\": true", StringComparison.Ordinal)
                && _cluster.Queue().Count == 0,
            "the results are written",
            () => Story
        );

    /// <summary>Waits until no process of the run is left: one whose node was given up may run for a while.</summary>
    public void WaitUntilGone() => _cluster.WaitUntil(() => _cluster.Processes().Count == 0, "no process is left", () => Story);

    /// <summary>Holds the claim of planning rounds, so that all jobs wait for it.</summary>
    public Claim HoldRounds()
    {
        Claim? claim = null;
        _cluster.WaitUntil(() => (claim = TryHoldRounds()) is not null, "no job plans rounds", () => Story);
        return claim!;
    }

    private Claim? TryHoldRounds()
    {
        try
        {
            return Claim.Take(Run.RoundsClaim, "test");
        }
        catch (BusyException)
        {
            return null;
        }
    }

    /// <summary>
    /// Kills the job that advances the run when all tasks of a round have ended, and waits until the accounting shows this. The caller
    /// holds the rounds, so that job still exists.
    /// </summary>
    public void KillTheAdvanceJob()
    {
        (int Pid, string Job)? victim = null;
        _cluster.WaitUntil(() => (victim = AdvanceJob()) is not null, "the advance job runs", () => Story);
        NativeSignal.Send(victim!.Value.Pid, NativeSignal.Kill);
        _cluster.WaitUntil(
            () => _cluster.Accounting().Any(start => start.Task == victim.Value.Job && start.Exit == "0:9"),
            "the accounting reports that the advance job was killed",
            () => Story
        );
    }

    private (int Pid, string Job)? AdvanceJob() =>
        _cluster
            .Processes()
            .Where(one =>
                one.Program == "hpcfit"
                && one.Environment.GetValueOrDefault("SLURM_JOB_NAME", "").Contains("next", StringComparison.Ordinal)
            )
            .Select(one => ((int, string)?)(one.Pid, one.Environment["SLURM_JOB_ID"]))
            .FirstOrDefault();

    /// <summary>Runs advance while the controller is down; the command waits for it.</summary>
    public void RestartTheController()
    {
        var before = Unanswered();
        _cluster.Node("stop-controller");
        using (var advance = Running.Start(Path.Combine(HpcFitProgram.Folder, "hpcfit"), ["advance", RunFolder], _cluster.Variables))
        {
            _cluster.WaitUntil(() => Unanswered() > before, "a command meets no controller", () => Story);
            _cluster.Node("start-controller");
            // If a watch job held the run at that time, that job waits, and this command reports it.
            var end = advance.Wait();
            if (end.ExitCode != (int)ExitCode.Busy)
                end.ShouldSucceed();
        }
    }

    /// <summary>How often commands logged that the scheduler did not answer.</summary>
    private int Unanswered() =>
        File.Exists(Run.NotesFile)
            ? File.ReadAllLines(Run.NotesFile).Count(line => line.Contains("was not answered", StringComparison.Ordinal))
            : 0;

    /// <summary>Fails unless the cluster's results are those of one local worker, to the bit.</summary>
    public void ShouldEqualTheResultsOfLocalWorkers()
    {
        HpcFitProgram.Run(["run", .. Arguments("local.h5", "run-local"), "--workers", "2", "--threads", "1"]).ShouldSucceed();
        ResultsTable
            .Read(_study.Combine("cluster.h5"), Analysis)
            .ShouldHaveTheSameBitsAs(ResultsTable.Read(_study.Combine("local.h5"), Analysis));
    }

    /// <summary>Ends jobs that a failed test left in the queue, before its folder is removed.</summary>
    public void Dispose()
    {
        _cluster.EndAllJobs();
        _study.Dispose();
    }

    private string[] Arguments(string output, string run) =>
        [
            .. _model,
            "--data",
            _study.Data,
            "--phenotypes",
            _study.Cohort,
            "--analysis",
            Analysis,
            "--output",
            _study.Combine(output),
            "--run-dir",
            _study.Combine(run),
        ];
}
