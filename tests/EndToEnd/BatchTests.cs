using System.Text.Json;
using System.Text.Json.Nodes;
using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.Runs;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Several models in one pass over the file: the same bytes as alone, each stripe inflated once, one write.</summary>
public sealed class BatchTests(BatchTests.Alone alone) : IClassFixture<BatchTests.Alone>
{
    private const int BadInput = 3;
    private const int Usage = 2;

    [Theory]
    [InlineData("one_job", "--workers", "1", "--threads", "2", "--jobs", "1")]
    [InlineData("many_jobs", "--workers", "2", "--threads", "1", "--jobs", "9")]
    public void Models_of_one_pass_have_the_bytes_they_have_alone_and_each_stripe_is_inflated_once(string name, params string[] placement)
    {
        var (folder, output) = (alone.Study.Combine($"run-{name}"), alone.Study.Combine($"{name}.h5"));
        var ended = HpcFitProgram
            .Run(["run", "--spec", alone.Spec, "--run-dir", folder, "--output", output, "--full-outputs", "--json", .. placement])
            .ShouldSucceed();
        alone.ShouldBeIn(output);

        var run = RunDirectory.Open(folder);
        var reports = run.ReportedAttempts().Select(attempt => run.ReadProgress(attempt)!).ToList();
        var estimates = run.Document.Estimates;
        // The smooths cost more than reading: many jobs are cut inside stripes.
        var isCutInside = reports.Count > estimates.Stripes;
        if (!isCutInside)
        {
            reports.Sum(report => report.StripesRead).ShouldBe(estimates.Stripes);
            reports.Sum(report => report.BytesInflated).ShouldBe(4 * estimates.Stripes * estimates.ElementsPerStripe * Alone.Subjects);
        }
        var models = JsonNode.Parse(ended.Output)!["models"]!.AsArray();
        models.Select(model => (string?)model!["analysis"]).ShouldBe(Alone.Names);
        models.Select(model => (int)model!["statusCounts"]!["TooFewSubjects"]!).ShouldAllBe(count => count == 2);
    }

    [Fact]
    public void A_batch_is_planned_fitted_by_hand_and_resumed_as_one()
    {
        var (folder, output) = (alone.Study.Combine("run-by-hand"), alone.Study.Combine("by-hand.h5"));
        string[] command = ["--spec", alone.Spec, "--run-dir", folder, "--output", output, "--full-outputs"];
        HpcFitProgram.Run(["plan", .. command, "--jobs", "4"]).ShouldSucceed().Output.ShouldContain($"{Alone.Names.Length} models");
        HpcFitProgram.RunWorker("fit", "--run", folder, "--round", "1", "--job", "2", "--threads", "1").ShouldSucceed();

        var status = HpcFitProgram.Run("status", folder).Output;
        status.ShouldContain($"{Alone.Names.Length} models, fitted in one pass");
        status.ShouldContain("of 9,000 elements");
        foreach (var name in Alone.Names)
            status.ShouldContain($"/results/{name}");
        // A member can be looked at, and finished, like any other run: the batch then has less to do.
        var member = RunDirectory.Open(folder).Members()[0];
        HpcFitProgram.Run("resume", member.Root).ShouldSucceed();

        HpcFitProgram.Run("resume", folder, "--overwrite", "--workers", "2").ShouldSucceed();
        alone.ShouldBeIn(output);
        HpcFitProgram.Run("status", folder).ShouldSucceed().Output.ShouldContain(", written");
        HpcFitProgram.Run("runs", folder).ShouldSucceed().Output.ShouldMatch(@"(?m)^written +4 models in one pass");
        HpcFitProgram
            .Run(["run", .. command])
            .ShouldSucceed()
            .Output.Split('\n')
            .Count(line => line.StartsWith("written", StringComparison.Ordinal))
            .ShouldBe(Alone.Names.Length);
        RunDirectory.Open(folder).ReadRound(new(2)).Members.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Formulas_and_scalars_may_be_repeated()
    {
        var output = alone.Study.Combine("repeated.h5");
        HpcFitProgram
            .Run([
                "run",
                "--model",
                "lm",
                .. alone.Files,
                "--formula",
                "~ Age",
                "--formula=log({scalar} + 10) ~ Age",
                "--scalar",
                "FD",
                "--analysis",
                "{scalar}_{n}",
                "--output",
                output,
            ])
            .ShouldSucceed();
        ResultsTable.Read(output, "FD_1").Names.ShouldContain("Age.estimate");
        ResultsTable.Read(output, "FD_2")["Age.estimate"][0].ShouldNotBe(ResultsTable.Read(output, "FD_1")["Age.estimate"][0]);
    }

    [Fact]
    public void The_name_of_a_single_model_may_have_placeholders_too()
    {
        var output = alone.Study.Combine("single.h5");
        string[] model = ["--model", "lm", "--formula", "~ motion", "--scalar", "FD", "--analysis", "{scalar}_{n}"];
        HpcFitProgram.Run(["run", .. model, .. alone.Files, "--output", output]).ShouldSucceed();
        ResultsTable.Read(output, "FD_1").Rows.ShouldBe(Alone.Elements);
    }

    [Theory]
    [InlineData(Usage, "2 of the 2 models", "--analysis", "a", "--formula", "FD ~ Age", "--formula", "FD ~ sex")]
    [InlineData(
        Usage,
        "one per model",
        "--analysis",
        "a",
        "--analysis",
        "b",
        "--analysis",
        "c",
        "--formula",
        "FD ~ Age",
        "--formula",
        "FD ~ sex"
    )]
    [InlineData(Usage, "has a left side", "--analysis", "m{n}", "--formula", "FD ~ Age", "--scalar", "FD", "--scalar", "FC")]
    [InlineData(Usage, "has no --scalar", "--analysis", "{scalar}", "--formula", "FD ~ Age", "--formula", "FD ~ sex")]
    [InlineData(Usage, "Did you mean '{scalar}'?", "--analysis", "{n}_{scalr}", "--formula", "~ Age", "--scalar", "FD", "--scalar", "FC")]
    [InlineData(BadInput, "Model 2 of 2 (lm FD ~ Agee)", "--analysis", "m{n}", "--formula", "FD ~ Age", "--formula", "FD ~ Agee")]
    [InlineData(BadInput, "Models 1 and 2", "--analysis", "a", "--analysis", "b", "--formula", "FD ~ Age", "--formula", "FD ~ Age")]
    [InlineData(Usage, "same model twice", "--analysis", "a", "--formula", "FD ~ Age", "--formula", "FD ~ Age")]
    public void Models_that_contradict_each_other_are_refused(int exitCode, string message, params string[] options)
    {
        var output = alone.Study.Combine("refused.h5");
        HpcFitProgram
            .Run(["run", "--model", "lm", .. alone.Files, "--output", output, .. options])
            .ShouldEndWith(exitCode)
            .ShouldSay(message);
        File.Exists(output).ShouldBeFalse();
    }

    [Theory]
    [InlineData("FD", "HALF")]
    [InlineData("HALF", "FD")]
    public void Scalars_of_different_elements_are_refused(params string[] scalars)
    {
        using var study = new Study(300, 40);
        Python.Run("half_scalar.py", study.Data).ShouldSucceed();
        HpcFitProgram
            .Run(study.Lm("~ Age", "{scalar}", "--scalar", scalars[0], "--scalar", scalars[1]))
            .ShouldEndWith(BadInput)
            .ShouldSay("'FD ~ Age'", "'HALF ~ Age'", "300", "150", "separate commands");
    }

    [Theory]
    [InlineData("""{"models": []}""", "'models' in", "a list of objects")]
    [InlineData("""{"models": [{"formula": "FD ~ Age", "dta": "x.h5"}]}""", "models[0].dta", "not an option")]
    [InlineData("""{"models": [{"formula": "FD ~ Age", "workers": 2}]}""", "models[0].workers", "belongs outside of 'models'")]
    [InlineData("""{"models": [{"formula": "FD ~ Age", "elementSubset": "1:3"}]}""", "models[0].elementSubset", "belongs outside")]
    [InlineData("""{"models": [{"formula": 3, "formula.": "FD ~ Age"}]}""", "more than once", "models[0].formula.")]
    [InlineData("""{"models": [{"formula": "FD ~ Age", "num.subj.lthr.rel": 7}]}""", "models[0].num.subj.lthr.rel", "a fraction")]
    public void Errors_of_a_list_of_models_name_the_entry(string spec, params string[] message)
    {
        var file = alone.Study.Combine("wrong.json");
        File.WriteAllText(file, spec);
        HpcFitProgram.Run(["run", "--spec", file, "--model", "lm", .. alone.Files, "--analysis", "x"]).ExitCode.ShouldBe(BadInput);
        HpcFitProgram.Run(["run", "--spec", file, "--model", "lm", .. alone.Files, "--analysis", "x"]).ShouldSay(message);
    }

    [Fact]
    public void A_model_without_a_fit_does_not_keep_the_others_from_being_written()
    {
        var (file, output) = (alone.Study.Combine("unfitted.json"), alone.Study.Combine("unfitted.h5"));
        File.WriteAllText(
            file,
            """{"model": "lm", "models": [{"formula": "FD ~ Age", "analysis": "good"}, {"formula": "log(FD - 100) ~ sex", "analysis": "none"}]}"""
        );
        string[] command = ["run", "--spec", file, .. alone.Files, "--output", output];
        var ended = HpcFitProgram.Run(command).ShouldEndWith(BadInput);
        ended.Output.ShouldContain("written    /results/good");
        ended.Output.ShouldContain("not written   /results/none: No element was fitted");
        ResultsTable.Read(output, "good").Rows.ShouldBe(Alone.Elements);
        var json = HpcFitProgram.Run([.. command, "--overwrite", "--json"]).ShouldEndWith(BadInput).Output;
        JsonNode.Parse(json)!["models"]!.AsArray().Select(model => (string?)model!["state"]).ShouldBe(["Written", "NotWritten"]);
    }

    /// <summary>A file of several stripes, a spec of four models, and the results of each alone.</summary>
    public sealed class Alone : IDisposable
    {
        internal const int Elements = 9_000;
        internal const int Subjects = 120;
        internal static readonly string[] Names = ["age", "both", "smooth", "half"];

        private static readonly string[][] Models =
        [
            ["--model", "lm", "--formula", "FD ~ Age"],
            ["--model", "lm", "--formula", "FD ~ Age * sex", "--weights", "motion"],
            ["--model", "gam", "--formula", "FD ~ s(Age, k=4) + sex", "--method", "REML"],
            ["--model", "lm", "--formula", "FD ~ motion", "--subset", "Age > 12"],
        ];

        private readonly List<ResultsTable> _expected = [];

        public Alone()
        {
            foreach (var (name, model) in Names.Zip(Models))
            {
                var output = Study.Combine($"alone-{name}.h5");
                HpcFitProgram
                    .Run([
                        "run",
                        .. model,
                        .. Files,
                        "--analysis",
                        name,
                        "--output",
                        output,
                        "--full-outputs",
                        "--run-dir",
                        Study.Combine("alone-" + name),
                    ])
                    .ShouldSucceed();
                _expected.Add(ResultsTable.Read(output, name));
            }
            var entries = Names.Zip(Models, (name, model) => Entry([.. model, "--analysis", name]));
            File.WriteAllText(
                Spec,
                JsonSerializer.Serialize(
                    new Dictionary<string, object>
                    {
                        ["data"] = Study.Data,
                        ["phenotypes"] = Study.Cohort,
                        ["models"] = entries,
                    }
                )
            );
        }

        internal Study Study { get; } = new(Elements, Subjects);

        internal string Spec => Study.Combine("models.json");

        internal string[] Files => ["--data", Study.Data, "--phenotypes", Study.Cohort];

        internal void ShouldBeIn(string file)
        {
            foreach (var (name, expected) in Names.Zip(_expected))
                ResultsTable.Read(file, name).ShouldHaveTheSameBitsAs(expected);
        }

        public void Dispose() => Study.Dispose();

        private static Dictionary<string, string> Entry(string[] options) =>
            options.Chunk(2).ToDictionary(option => option[0][2..], option => option[1]);
    }
}
