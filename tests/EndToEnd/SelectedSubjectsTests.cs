using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>
/// Models of some of a file's subjects: cohorts with fewer rows (<c>--subjects cohort</c>) and conditions (<c>--subset</c>). The results
/// are those of a file that has only these subjects.
/// </summary>
public sealed class SelectedSubjectsTests : IDisposable
{
    private const int BadInput = 3;
    private readonly Study _study = new(elements: 400);

    /// <summary>Subjects with more motion are left out: a fifth of them, at any place of the file.</summary>
    public SelectedSubjectsTests()
    {
        var rows = File.ReadAllLines(_study.Cohort);
        var motion = rows[0].Split(',').ToList().IndexOf("motion");
        File.WriteAllLines(Fewer, rows.Where((row, i) => i == 0 || double.Parse(row.Split(',')[motion]) <= 0.25));
        Python.Run("take_subjects.py", _study.Data, Fewer, _study.Combine("fewer.h5")).ShouldSucceed();
    }

    private string Fewer => _study.Combine("fewer.csv");

    public static TheoryData<string, string> Models =>
        new()
        {
            { "lm", "FD ~ Age + sex" },
            { "lm", "log(FD) ~ poly(Age, 2) * sex" },
            { "gam", "FD ~ s(Age, k=4) + sex" },
            { "custom", "python" },
        };

    [Theory]
    [MemberData(nameof(Models))]
    public void A_cohort_with_fewer_subjects_gives_the_bits_of_a_file_with_fewer(string model, string formula)
    {
        // More than half of 60 subjects, but not of the fewer: the fraction is of the subjects of the cohort.
        string[] threshold = ["--num-subj-lthr-rel", "0.6"];
        Run("file", _study.Combine("fewer.h5"), Fewer, model, formula, threshold).ShouldSucceed();
        Run("cohort", _study.Data, Fewer, model, formula, [.. threshold, "--subjects", "cohort", "--jobs", "3"]).ShouldSucceed();
        Results("cohort").ShouldHaveTheSameBitsAs(Results("file"));
    }

    [Theory]
    [InlineData("lm", "FD ~ Age + sex")]
    [InlineData("gam", "FD ~ s(Age, k=4) + sex")]
    [InlineData("custom", "python")]
    public void A_condition_gives_the_bits_of_a_file_with_fewer_subjects(string model, string formula)
    {
        string[] threshold = ["--num-subj-lthr-rel", "0.6"];
        Run("file", _study.Combine("fewer.h5"), Fewer, model, formula, threshold).ShouldSucceed();
        Run("subset", _study.Data, _study.Cohort, model, formula, [.. threshold, "--subset", "motion <= 0.25"]).ShouldSucceed();
        Results("subset").ShouldHaveTheSameBitsAs(Results("file"));
    }

    [Fact]
    public void A_function_of_the_subjects_is_evaluated_before_the_subset_is_taken()
    {
        Run("cohort", _study.Data, Fewer, "lm", "FD ~ scale(Age)", "--subjects", "cohort").ShouldSucceed();
        Run("subset", _study.Data, _study.Cohort, "lm", "FD ~ scale(Age)", "--subset", "motion <= 0.25").ShouldSucceed();
        var (cohort, subset) = (Results("cohort"), Results("subset"));
        subset["scale(Age).p.value"][0].ShouldBe(cohort["scale(Age).p.value"][0], 1e-9);
        Math.Abs(subset["scale(Age).estimate"][0] - cohort["scale(Age).estimate"][0]).ShouldBeGreaterThan(1e-6);
    }

    [Fact]
    public void A_cohort_with_fewer_subjects_is_refused_without_the_option()
    {
        Run("x", _study.Data, Fewer, "lm", "FD ~ Age").ShouldEndWith(BadInput).ShouldSay("Only in the data file", "add --subjects cohort");
        var rows = File.ReadAllLines(Fewer);
        File.WriteAllLines(Fewer, [.. rows[..^1], rows[^1].Replace(".mif", ".nii", StringComparison.Ordinal)]);
        Run("x", _study.Data, Fewer, "lm", "FD ~ Age", "--subjects", "cohort")
            .ShouldEndWith(BadInput)
            .ShouldSay("Only in the cohort's 'source_file' (1)", ".nii");
    }

    [Fact]
    public void The_condition_is_part_of_the_run_and_of_spec_files()
    {
        var spec = _study.Combine("spec.json");
        File.WriteAllText(
            spec,
            $$"""
            {"model": "lm", "data": "{{_study.Data}}", "phenotypes": "{{_study.Cohort}}", "formula": "FD ~ Age",
             "subset": "sex == 'F' & Age > 10", "subjects": "file", "analysis": "a"}
            """
        );
        var planned = HpcFitProgram.Run("plan", "--spec", spec, "--dry-run").ShouldSucceed().Output;
        Digest(planned).ShouldBe(Digest(Plan("--subset", "sex == 'F' & Age > 10")));
        Digest(planned).ShouldNotBe(Digest(Plan()));
        Digest(Plan("--subjects", "cohort")).ShouldBe(Digest(Plan()));
        HpcFitProgram
            .Run("plan", "--spec", spec, "--subset", "sexx == 'F'")
            .ShouldEndWith(BadInput)
            .ShouldSay("'sexx'", "Did you mean 'sex'?", "^^^^");
    }

    [Fact]
    public void Subjects_whose_condition_changes_change_the_run()
    {
        var before = Digest(Plan("--subset", "motion < 0.3"));
        var rows = File.ReadAllLines(_study.Cohort);
        var cells = rows[4].Split(',');
        cells[^1] = "0.9";
        File.WriteAllLines(_study.Cohort, [.. rows[..4], string.Join(',', cells), .. rows[5..]]);
        Digest(Plan("--subset", "motion < 0.3")).ShouldNotBe(before);
    }

    public void Dispose() => _study.Dispose();

    private static string Digest(string plan) => plan.Split('\n').Single(line => line.StartsWith("run ", StringComparison.Ordinal))[..23];

    private string Plan(params string[] more) =>
        HpcFitProgram.Run(["plan", "--dry-run", .. _study.Lm("FD ~ Age", "a")[1..], .. more]).ShouldSucceed().Output;

    private ResultsTable Results(string name) => ResultsTable.Read(_study.Combine(name + "-out.h5"), "a");

    private Finished Run(string name, string data, string cohort, string model, string formula, params string[] more) =>
        HpcFitProgram.Run([
            "run",
            "--model",
            model,
            "--data",
            data,
            "--phenotypes",
            cohort,
            .. model == "custom" ? (string[])["--function", CustomRun.Function("moments.py")] : ["--formula", formula],
            "--analysis",
            "a",
            "--output",
            _study.Combine(name + "-out.h5"),
            "--run-dir",
            _study.Combine(name + "-run"),
            .. more,
        ]);
}
