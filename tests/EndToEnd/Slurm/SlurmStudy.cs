using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Runs.Partials;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>A study whose runs go to the cluster, and what the same run gives by local workers.</summary>
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

    /// <summary>Attempts that published blocks of results.</summary>
    public int AttemptsWithResults => Coverage.Read(Run, CancellationToken.None).Slices.Select(slice => slice.Block.Path).Distinct().Count();

    /// <summary>What the commands and jobs of the run said, for the message of a test that fails.</summary>
    public string Story => string.Join('\n', Directory.EnumerateFiles(Path.Combine(RunFolder, "logs"), "*.out").Order().Where(file => !Path.GetFileName(file).StartsWith('0'))
        .Select(file => $"--- {file}\n{File.ReadAllText(file)}")) + (File.Exists(Run.ReportFile) ? File.ReadAllText(Run.ReportFile) : "");

    /// <summary>lm at every element.</summary>
    public static SlurmStudy Linear(SlurmCluster cluster, int elements, int subjects) =>
        new(cluster, new(elements, subjects), "--model", "lm", "--formula", "FD ~ Age + sex + motion", "--full-outputs");

    /// <summary>A function in R (tests/EndToEnd/Slurm/functions), which may sleep on the cluster and never does in the local run.</summary>
    public static SlurmStudy Function(SlurmCluster cluster, string function, int elements, int subjects, params string[] more) =>
        new(cluster, new(elements, subjects), ["--model", "custom", "--function", RepositoryRoot.Combine("tests", "EndToEnd", "Slurm", "functions", function), .. more]);

    /// <summary>Submits the run.</summary>
    public Finished Submit(Dictionary<string, string> environment, params string[] more) =>
        _cluster.HpcFitWith(environment, ["submit", .. Arguments("cluster.h5", "run"), .. more]);

    /// <summary>Plans the run, for arrays made by hand.</summary>
    public Finished Plan(params string[] more) => HpcFitProgram.Run(["plan", .. Arguments("cluster.h5", "run"), .. more]);

    /// <summary>Waits until the results are written and the queue holds nothing of the run.</summary>
    public void WaitUntilWritten(TimeSpan limit) =>
        _cluster.WaitUntil(() => File.Exists(Run.WrittenFile) && File.ReadAllText(Run.WrittenFile).Contains("\"isDone\": true", StringComparison.Ordinal) && _cluster.Queue().Count == 0, "the run is not written", limit, () => Story);

    /// <summary>Fails unless the cluster's results are those of one local worker, to the bit.</summary>
    public void ShouldHoldWhatLocalWorkersGive()
    {
        HpcFitProgram.Run(["run", .. Arguments("local.h5", "run-local"), "--workers", "2", "--threads", "1"]).ShouldSucceed();
        ResultsTable.Read(_study.Combine("cluster.h5"), Analysis).ShouldHaveTheSameBitsAs(ResultsTable.Read(_study.Combine("local.h5"), Analysis));
    }

    /// <summary>Ends what a failed test left in the queue before its folder goes.</summary>
    public void Dispose()
    {
        _cluster.EndAllJobs();
        _study.Dispose();
    }

    private string[] Arguments(string output, string run) =>
        [.. _model, "--data", _study.Data, "--phenotypes", _study.Cohort, "--analysis", Analysis, "--output", _study.Combine(output), "--run-dir", _study.Combine(run)];
}
