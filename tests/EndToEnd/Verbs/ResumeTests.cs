using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>plan, manually started workers, resume, merge and status: steps of a run that can be combined in any order.</summary>
public sealed class ResumeTests(PreparedRuns runs) : IClassFixture<PreparedRuns>
{
    private const int BadInput = 3;
    private const int Incomplete = 4;
    private const int Busy = 7;

    [Fact]
    public void A_plan_is_fitted_by_workers_started_by_hand_and_merged()
    {
        var plan = HpcFitProgram.Run(runs.Command("plan", "byhand", "--jobs", "3")).ShouldSucceed();
        plan.Output.ShouldContain("patterns of missing subjects");
        plan.Output.ShouldContain("MB per worker");
        plan.Output.ShouldContain("hpcfit-worker fit");
        for (var job = 0; job < 2; job++)
            HpcFitProgram.RunWorker("fit", "--run", runs.Folder("byhand"), "--round", "1", "--job", $"{job}").ShouldSucceed();

        HpcFitProgram
            .Run("merge", runs.Folder("byhand"))
            .ShouldEndWith(Incomplete)
            .ShouldSay("of 12,000 elements have no result", "hpcfit resume");
        File.Exists(runs.Output("byhand")).ShouldBeFalse();
        HpcFitProgram.RunWorker("fit", "--run", runs.Folder("byhand"), "--round", "1", "--job", "2").ShouldSucceed();
        HpcFitProgram.Run("merge", runs.Folder("byhand")).ShouldSucceed();
        runs.ShouldHold("byhand");
    }

    [Fact]
    public void A_run_is_resumed_under_another_partition_and_its_blocks_are_used_again()
    {
        runs.Plan("other", jobs: 7, fitted: [1, 4]);
        var before = Directory.GetFiles(Path.Combine(runs.Folder("other"), "partials")).Sum(file => new FileInfo(file).Length);

        var resumed = HpcFitProgram.Run("resume", runs.Folder("other"), "--workers", "2", "--threads", "1", "--jobs", "3").ShouldSucceed();

        resumed.Output.ShouldContain("already have results");
        runs.ShouldHold("other");
        // Nothing was fitted twice: the new partials hold what the old ones lack.
        var total = Directory.GetFiles(Path.Combine(runs.Folder("other"), "partials")).Sum(file => new FileInfo(file).Length);
        var whole = Directory.GetFiles(Path.Combine(runs.Folder("baseline"), "partials")).Sum(file => new FileInfo(file).Length);
        total.ShouldBeGreaterThan(before);
        ((double)total).ShouldBeInRange(0.99 * whole, 1.02 * whole);
    }

    [Fact]
    public void The_same_command_again_is_a_resume()
    {
        runs.Plan("again", jobs: 4, fitted: [0, 1, 2]);
        HpcFitProgram.Run(runs.Command("run", "again")).ShouldSucceed().Output.ShouldContain("already have results");
        runs.ShouldHold("again");
    }

    [Fact]
    public void Status_follows_a_run_from_plan_to_end()
    {
        runs.Plan("status", jobs: 4, fitted: [2]);
        var planned = Status("status");
        planned.GetProperty("state").GetString().ShouldBe("Waiting");
        planned.GetProperty("covered").GetInt64().ShouldBeInRange(1000, 11_000);
        planned
            .GetProperty("rounds")[0]
            .GetProperty("jobs")
            .EnumerateArray()
            .Select(job => job.GetProperty("state").GetString())
            .ShouldBe(["Waiting", "Waiting", "Finished", "Waiting"]);

        HpcFitProgram.Run("resume", runs.Folder("status")).ShouldSucceed();
        Status("status").GetProperty("state").GetString().ShouldBe("Complete");
        Status("status").GetProperty("isWritten").GetBoolean().ShouldBeTrue();
        HpcFitProgram
            .Run("status", runs.Folder("status"), "--watch")
            .ShouldSucceed()
            .Output.ShouldContain("complete: 12,000 of 12,000 elements (100.0%)");
    }

    [Fact]
    public void A_partial_file_of_another_run_or_format_is_reported_and_ignored()
    {
        runs.Plan("foreign", jobs: 2, fitted: [0]);
        var partials = Path.Combine(runs.Folder("foreign"), "partials");
        var other = runs.Study.Combine("run-sex");
        HpcFitProgram.Run(runs.Study.Lm("FD ~ sex", "lm", "--run-dir", other, "--output", runs.Output("sex"))).ShouldSucceed();
        File.Copy(Directory.GetFiles(Path.Combine(other, "partials"))[0], Path.Combine(partials, "0001-00001-00000001.partial"));
        var bytes = File.ReadAllBytes(Directory.GetFiles(partials, "0001-00000-*")[0]);
        var formatAt = bytes.AsSpan().IndexOf("hpcfit-partial"u8) + "hpcfit-partial".Length;
        foreach (byte format in (ReadOnlySpan<byte>)[3, 9]) // older and newer, as MessagePack's fixint
        {
            bytes[formatAt] = format;
            File.WriteAllBytes(Path.Combine(partials, $"0001-00001-0000000{format}.partial"), bytes);
        }

        HpcFitProgram
            .Run("resume", runs.Folder("foreign"))
            .ShouldSucceed()
            .ShouldSay("00000001.partial", "belongs to run", "00000003.partial", "format 3", "00000009.partial", "format 9");
        runs.ShouldHold("foreign");
    }

    [Fact]
    public void A_run_held_on_another_machine_is_taken_over_only_at_the_users_request()
    {
        runs.Plan("held", jobs: 2);
        File.WriteAllText(
            Path.Combine(runs.Folder("held"), "rounds.claim"),
            """
            {"what": "hpcfit run", "host": "node99", "bootId": "b", "pidNamespace": "n", "pid": 7, "processStart": 8, "nonce": "c0ffee", "since": "2026-01-02T03:04:05+00:00"}
            """
        );
        HpcFitProgram
            .Run("resume", runs.Folder("held"))
            .ShouldEndWith(Busy)
            .ShouldSay("'hpcfit run', process 7 on node99, since 2026-01-02 03:04:05 UTC", "--take-over");
        HpcFitProgram.Run("resume", runs.Folder("held"), "--take-over").ShouldSucceed();
        runs.ShouldHold("held");
    }

    [Fact]
    public void A_run_whose_document_was_edited_is_refused()
    {
        runs.Plan("edited", jobs: 2);
        var document = Path.Combine(runs.Folder("edited"), "run.json");
        File.WriteAllText(
            document,
            File.ReadAllText(document)
                .Replace("Age + sex + motion", "Age + motion", StringComparison.Ordinal)
                .Replace("Age \\u002B sex \\u002B motion", "Age \\u002B motion", StringComparison.Ordinal)
        );
        HpcFitProgram.Run("resume", runs.Folder("edited")).ShouldEndWith(BadInput).ShouldSay("edited", "run.json");
        HpcFitProgram.Run("merge", runs.Folder("edited")).ShouldEndWith(BadInput).ShouldSay("edited");
    }

    [Fact]
    public void A_run_moved_with_its_file_can_be_continued()
    {
        using var study = new Study();
        var place = study.Combine("old");
        Directory.CreateDirectory(place);
        File.Copy(study.Data, Path.Combine(place, "d.h5"));
        string[] Command(string verb, string folder) =>
            [
                verb,
                .. study
                    .Lm("FD ~ Age", "lm", "--output", study.Combine("out.h5"))[1..]
                    .Select(word => word == study.Data ? Path.Combine(folder, "d.h5") : word),
            ];
        HpcFitProgram.Run(Command("plan", place)).ShouldSucceed();
        Directory.Move(place, study.Combine("new"));
        HpcFitProgram.Run(Command("run", study.Combine("new"))).ShouldSucceed();
        ResultsTable.Read(study.Combine("out.h5"), "lm").Rows.ShouldBe(3000);
    }

    [Fact]
    public void A_folder_without_a_run_is_refused() =>
        HpcFitProgram.Run("resume", runs.Study.Folder).ShouldEndWith(BadInput).ShouldSay("no run directory");

    [Fact]
    public void A_dry_run_writes_nothing()
    {
        foreach (var verb in (string[])["run", "plan"])
            HpcFitProgram
                .Run(runs.Command(verb, "dry", "--dry-run", "--target-time", "1s"))
                .ShouldSucceed()
                .Output.ShouldContain("predicted");
        Directory.Exists(runs.Folder("dry")).ShouldBeFalse();
        File.Exists(runs.Output("dry")).ShouldBeFalse();
    }

    [Fact]
    public void A_spec_file_provides_options_that_are_not_typed()
    {
        var spec = runs.Study.Combine("model.json");
        File.WriteAllText(
            spec,
            JsonSerializer.Serialize(
                new Dictionary<string, object>
                {
                    ["model"] = "lm",
                    ["data"] = runs.Study.Data,
                    ["phenotypes"] = runs.Study.Cohort,
                    ["formula"] = "FD ~ motion",
                    ["analysis"] = PreparedRuns.Analysis,
                    ["output"] = runs.Output("spec"),
                    ["run-dir"] = runs.Folder("spec"),
                    ["workers"] = 1,
                }
            )
        );
        HpcFitProgram.Run("run", "--spec", spec, "--formula", PreparedRuns.Formula).ShouldSucceed();
        runs.ShouldHold("spec");

        File.WriteAllText(spec, """{"formulla": "FD ~ Age"}""");
        HpcFitProgram.Run("run", "--spec", spec).ShouldEndWith(BadInput).ShouldSay("formulla", "Did you mean 'formula'");
    }

    [Fact]
    public void A_table_is_what_another_program_reads()
    {
        var table = runs.Study.Combine("table.tsv");
        HpcFitProgram
            .Run("export-table", runs.Output("baseline"), PreparedRuns.Analysis, "--columns", "element_id,Age.estimate", "--output", table)
            .ShouldSucceed();
        var lines = File.ReadAllLines(table);
        lines.Length.ShouldBe(12_001);
        lines[0].ShouldBe("element_id\tAge.estimate");
        lines[8].ShouldBe("7\tNA");
        var results = ResultsTable.Read(runs.Output("baseline"), PreparedRuns.Analysis);
        for (var row = 0; row < 12_000; row += 997)
            double.Parse(lines[row + 1].Split('\t')[1].Replace("NA", "NaN", StringComparison.Ordinal))
                .ShouldBe(results["Age.estimate"][row]);

        HpcFitProgram
            .Run("export-table", runs.Output("baseline"), PreparedRuns.Analysis, "--columns", "Age.estimat")
            .ShouldEndWith(BadInput)
            .ShouldSay("Did you mean 'Age.estimate'");
        HpcFitProgram.Run("export-table", runs.Output("baseline"), "ln").ShouldEndWith(BadInput).ShouldSay("Did you mean 'lm'");
    }

    private JsonElement Status(string name) =>
        JsonDocument.Parse(HpcFitProgram.Run("status", runs.Folder(name), "--json").ShouldSucceed().Output).RootElement;
}
