using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.Runs;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>Runs on a real cluster without faults.</summary>
[Collection(OnCluster.Name)]
[Trait("Category", "Cluster")]
public sealed class SubmitTests(SlurmCluster cluster)
{
    [Fact]
    public void Forty_jobs_on_four_nodes_end_merged_and_written_and_leave_nothing_behind()
    {
        using var study = SlurmStudy.Linear(cluster, elements: 53_000, subjects: 200);
        study.Submit([], "--jobs", "40").ShouldSucceed();
        study.WaitUntilWritten();

        study.Run.ReadRound(new(1)).Jobs.Count.ShouldBe(40);
        study.Run.PartialFiles().Count.ShouldBe(40);
        study.WaitUntilGone();
        study.ShouldEqualTheResultsOfLocalWorkers();

        cluster.HpcFit("advance", study.RunFolder).ShouldSucceed().Output.ShouldContain("already written");
        cluster.Queue().ShouldBeEmpty();
    }

    [Fact]
    public void Several_models_are_one_run_of_the_cluster()
    {
        using var study = new Study(elements: 6_000, subjects: 100);
        var (folder, output) = (study.Combine("batch"), study.Combine("batch.h5"));
        string[] models = ["--model", "lm", "--formula", "FD ~ Age", "--formula", "FD ~ sex", "--analysis", "m{n}"];
        string[] files = ["--data", study.Data, "--phenotypes", study.Cohort];
        cluster
            .HpcFitWith([], ["submit", .. models, .. files, "--run-dir", folder, "--output", output, "--partition", "short", "--jobs", "3"])
            .ShouldSucceed();
        cluster.WaitUntil(
            () => cluster.HpcFit("status", folder, "--json").Output.Contains("\"isWritten\":true", StringComparison.Ordinal),
            "both are written"
        );
        RunDirectory.Open(folder).Members().ShouldAllBe(member => member.PartialFiles().Count == 3);
        foreach (var (number, formula) in new[] { "FD ~ Age", "FD ~ sex" }.Index())
        {
            HpcFitProgram
                .Run(["run", "--model", "lm", "--formula", formula, .. files, "--analysis", "m", "--output", study.Combine($"{number}.h5")])
                .ShouldSucceed();
            var alone = ResultsTable.Read(study.Combine($"{number}.h5"), "m");
            ResultsTable.Read(output, $"m{number + 1}").ShouldHaveTheSameBitsAs(alone);
        }
        cluster.WaitUntil(() => cluster.Queue().Count == 0, "the queue is empty");
    }

    [Fact]
    public void The_report_is_the_last_step_of_a_run()
    {
        using var study = SlurmStudy.Linear(cluster, elements: 6_000, subjects: 100);
        study.Submit([], "--jobs", "3", "--report").ShouldSucceed();
        study.WaitUntilWritten();

        var report = Path.Combine(study.Folder, "fit.html");
        File.Exists(report).ShouldBeTrue(study.Story);
        var page = File.ReadAllText(report);
        page.ShouldContain("was fitted at 6,000 elements with 100 of 100 subjects");
        page.ShouldContain("3 attempts at 3 jobs");
        page.TrimEnd().ShouldEndWith("</html>");
    }

    [Fact]
    public void A_plain_array_over_a_plan_gives_the_same_results()
    {
        using var study = SlurmStudy.Linear(cluster, elements: 6_000, subjects: 200);
        study.Plan("--jobs", "4").ShouldSucceed();
        var path = $"{HpcFitProgram.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        cluster
            .SlurmWith(
                new() { ["PATH"] = path },
                "sbatch",
                "--array=0-3",
                "--output=/dev/null",
                RepositoryRoot.Combine("deploy", "slurm", "my-array.sh"),
                study.RunFolder
            )
            .ShouldSucceed();
        cluster.WaitUntil(() => cluster.Queue().Count == 0, "the array ends");
        cluster.HpcFit("merge", study.RunFolder).ShouldSucceed();
        study.ShouldEqualTheResultsOfLocalWorkers();
    }

    [Fact]
    public void What_can_never_start_is_refused_before_anything_is_queued()
    {
        using var study = SlurmStudy.Linear(cluster, elements: 6_000, subjects: 200);
        const int badInput = 3,
            schedulerFailure = 5;
        study
            .Submit([], "--partition", "short", "--time", "2:00:00", "--mem", "64G", "--cpus-per-task", "64")
            .ShouldEndWith(badInput)
            .ShouldSay("--time", "partition short", "MB", "--cpus-per-task");
        study.Submit([], "--partition", "shrot").ShouldEndWith(badInput).ShouldSay("shrot", "short");
        study.Submit([], "--sbatch-option=--constraint=no-such-feature").ShouldEndWith(schedulerFailure).ShouldSay("feature");
        study.Submit([], "--dry-run").ShouldSucceed().Output.ShouldContain("exec '");
        cluster.Queue().ShouldBeEmpty();
        Directory.Exists(study.RunFolder).ShouldBeFalse();
    }

    [Fact]
    public void A_cancelled_run_leaves_the_queue_and_is_resumed_where_it_was()
    {
        using var study = SlurmStudy.Linear(cluster, elements: 6_000, subjects: 200);
        study.Submit([], "--jobs", "4", "--sbatch-option=--begin=now+3600").ShouldEndWith(2).ShouldSay("--begin");
        study.Submit([], "--jobs", "4", "--sbatch-option=--nice=100").ShouldSucceed();
        cluster.HpcFit("cancel", study.RunFolder).ShouldSucceed();
        cluster.WaitUntil(() => cluster.Queue().Count == 0 && cluster.Processes().Count == 0, "the queue is empty");
        cluster.HpcFit("resume", study.RunFolder).ShouldSucceed();
        study.WaitUntilWritten();
        study.ShouldEqualTheResultsOfLocalWorkers();
    }
}
