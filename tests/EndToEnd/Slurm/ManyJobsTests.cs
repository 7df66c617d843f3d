using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>
/// Five thousand jobs on a cluster that accepts arrays of 1,001 tasks and a few thousand jobs per user (replacements for Slurm's programs,
/// standin/slurm.py): the cost in the coordinator.
/// </summary>
public sealed class ManyJobsTests : IDisposable
{
    private const int Jobs = 5000;
    private const int ElementsOfJob = 4;
    private const int MaxSubmit = 2202;

    private readonly Study _study = new(elements: Jobs * ElementsOfJob, subjects: 20);
    private readonly Dictionary<string, string> _environment;

    public ManyJobsTests()
    {
        var programs = Directory.CreateDirectory(_study.Combine("bin")).FullName;
        foreach (var program in (string[])["sbatch", "squeue", "scontrol", "sinfo", "sacct", "sacctmgr", "scancel"])
            File.CreateSymbolicLink(
                Path.Combine(programs, program),
                RepositoryRoot.Combine("tests", "EndToEnd", "Slurm", "standin", "slurm.py")
            );
        _environment = new()
        {
            ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}",
            ["STANDIN_STATE"] = _study.Folder,
            ["STANDIN_MAX_SUBMIT"] = MaxSubmit.ToString(CultureInfo.InvariantCulture),
        };
    }

    private string Folder => _study.Combine("run");

    private string JobsFile => _study.Combine("jobs");

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Five_thousand_jobs_go_in_windows_and_cost_the_coordinator_little()
    {
        HpcFit(
            "submit",
            "--model",
            "lm",
            "--formula",
            "FD ~ Age",
            "--data",
            _study.Data,
            "--phenotypes",
            _study.Cohort,
            "--analysis",
            "fit",
            "--output",
            _study.Combine("out.h5"),
            "--run-dir",
            Folder
        );
        var run = RunDirectory.Open(Folder);
        EndAllJobs();
        // A round as for a large file; jobs are divided at borders of stripes of 1 MB, of which this study has few.
        var round = run.CreateRound([
            .. Enumerable.Range(0, Jobs).Select(job => new Job(new(job), ElementSet.From(job * ElementsOfJob, (job + 1) * ElementsOfJob))),
        ]);

        for (var windows = 0; !Advance().Contains("/results/fit", StringComparison.Ordinal); )
        {
            var last = run.Rounds()[^1];
            last.ShouldBe(new(round.Id.Value + 1), "the round that was never started is made again, once");
            Open().ShouldBeLessThanOrEqualTo(MaxSubmit);
            (++windows).ShouldBeLessThan(4, "windows of 2,200 jobs");
            EndAllJobs();
            FitWhatWasSubmitted(run, run.ReadRound(last));
        }

        var arrays = File.ReadLines(JobsFile).Select(line => line.Split('|')).Where(job => job[2].Length > 0).ToList();
        arrays.Max(array => int.Parse(array[2].Split('-', ',', '%')[^1], CultureInfo.InvariantCulture)).ShouldBeLessThanOrEqualTo(1000);
        ResultsTable
            .Read(_study.Combine("out.h5"), "fit")["element_id"]
            .ShouldBe(Enumerable.Range(0, Jobs * ElementsOfJob).Select(element => (double)element));
        File.ReadLines(_study.Combine("calls")).Count().ShouldBeLessThan(Jobs / 20, "Slurm's programs are started for many jobs at a time");
    }

    private string Advance() => HpcFit("advance", Folder).Output;

    private Finished HpcFit(params string[] arguments)
    {
        var measured = _study.Combine("measured");
        using var running = Running.Start(
            "/usr/bin/python3",
            [
                RepositoryRoot.Combine("tests", "EndToEnd", "python", "measure.py"),
                measured,
                Path.Combine(HpcFitProgram.Folder, "hpcfit"),
                .. arguments,
            ],
            _environment
        );
        var end = running.Wait().ShouldSucceed();
        double.Parse(File.ReadAllText(measured).Split(' ')[1], CultureInfo.InvariantCulture)
            .ShouldBeLessThan(200e6, $"peak resident bytes of {end.Command}");
        return end;
    }

    private int Open() =>
        File.ReadLines(JobsFile)
            .Select(line => line.Split('|'))
            .Where(job => job[3] == "PENDING")
            .Sum(job => job[2].Length == 0 ? 1 : Tasks(job[2]));

    private static int Tasks(string list) =>
        list.Split(',')
            .Select(part => part.Split('-'))
            .Sum(ends => int.Parse(ends[^1], CultureInfo.InvariantCulture) - int.Parse(ends[0], CultureInfo.InvariantCulture) + 1);

    private void EndAllJobs() =>
        File.WriteAllLines(
            JobsFile,
            [.. File.ReadAllLines(JobsFile).Select(line => line.Replace("PENDING", "COMPLETED", StringComparison.Ordinal))]
        );

    /// <summary>The files that five thousand workers would leave: one partial file and one last heartbeat each.</summary>
    private void FitWhatWasSubmitted(RunDirectory run, Round round)
    {
        var submitted = File.ReadLines(JobsFile)
            .Select(line => line.Split('|'))
            .Where(job => job[1].Contains($"-r{round.Id}-", StringComparison.Ordinal) && job[2].Length > 0)
            .Sum(job => Tasks(job[2]));
        var layout = run.Document.Layout;
        var before = run.ReportedAttempts().Select(attempt => attempt.Job).ToHashSet();
        foreach (var job in round.Jobs.Take(submitted).Where(job => !before.Contains(job.Id)))
        {
            var attempt = AttemptId.New(round.Id, job.Id);
            using var partial = PartialWriter.Create(
                run.PartialFile(attempt),
                PartialHeader.Create(run.Document.Digest, attempt, "n1", layout)
            );
            var first = job.Elements[0].First;
            var columns = new double[layout.PartialWidth * ElementsOfJob];
            partial.Append(new(new(first, first + ElementsOfJob), columns, new ElementStatus[ElementsOfJob]));
            partial.Complete();
            JsonFile.Replace(
                run.ProgressFile(attempt),
                new()
                {
                    Sequence = 2,
                    Host = "n1",
                    Pid = 1,
                    ElementsDone = ElementsOfJob,
                    ElementsTotal = ElementsOfJob,
                    Ended = ExitCode.Success,
                },
                RunJson.Default.ProgressReport,
                durable: false
            );
        }
    }
}
