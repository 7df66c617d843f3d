using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Several data files that are joined by subject give the same bits as one file that contains the common subjects.</summary>
public sealed class SeveralFilesTests : IDisposable
{
    private const int Usage = 2;
    private const int BadInput = 3;
    private readonly Study _study = new(elements: 400);

    public SeveralFilesTests() => Python.Run("make_second.py", _study.Folder).ShouldSucceed();

    [Theory]
    [InlineData("lm", "FD ~ Age + sex + CURV + motion.curv")]
    [InlineData("lm", "CURV ~ Age + FD + motion.fd")]
    [InlineData("gam", "FD ~ s(Age, k=4) + sex + CURV")]
    public void Joined_files_give_the_bits_of_one_file(string model, string formula)
    {
        Run("two", [.. Both, "--model", model, "--formula", formula, "--output", _study.Combine("two.h5")]).ShouldSucceed();
        Run(
                "one",
                [
                    "--data",
                    _study.Combine("joined.h5"),
                    "--phenotypes",
                    _study.Combine("joined.csv"),
                    "--model",
                    model,
                    "--formula",
                    formula,
                    "--output",
                    _study.Combine("one.h5"),
                ]
            )
            .ShouldSucceed();
        ResultsTable.Read(_study.Combine("two.h5"), "a").ShouldHaveTheSameBitsAs(ResultsTable.Read(_study.Combine("one.h5"), "a"));
    }

    [Fact]
    public void A_function_gets_the_scalars_and_phenotypes_of_both_files()
    {
        var file = _study.Combine("both.R");
        File.WriteAllText(
            file,
            """
            both <- function(data) c(r = cor(data$FD, data$CURV), n = nrow(data), moved = mean(data$motion.curv), named = all(data$source_file.curv == paste0("curv/", data$source_file.fd)))
            """
        );
        Run("custom", [.. Both, "--model", "custom", "--function", file, "--into", "curv"]).ShouldSucceed();
        var results = ResultsTable.Read(_study.Combine("curv.h5"), "a");
        results["named"].Where(value => !double.IsNaN(value)).ShouldAllBe(value => value == 1);
        results["n"].Max().ShouldBe(50);
    }

    [Fact]
    public void Results_go_into_the_file_that_was_named()
    {
        var before = File.ReadAllBytes(_study.Data);
        Run("into", [.. Both, "--model", "lm", "--formula", "FD ~ CURV", "--into", "curv"])
            .ShouldSucceed()
            .ShouldSay("10 of 60 subjects of 'fd'", "1 of 51 subjects of 'curv'", "different element tables");
        File.ReadAllBytes(_study.Data).ShouldBe(before);
        ResultsTable.Read(_study.Combine("curv.h5"), "a").Names.ShouldContain("CURV.estimate");
    }

    [Fact]
    public void Scalars_of_one_name_are_refused() =>
        Run(
                "twice",
                [
                    "--data",
                    $"fd={_study.Data}",
                    "--data",
                    $"curv={_study.Combine("joined.h5")}",
                    "--phenotypes",
                    $"fd={_study.Cohort}",
                    "--phenotypes",
                    $"curv={_study.Cohort}",
                    "--merge-on",
                    "subject_id",
                    "--model",
                    "lm",
                    "--formula",
                    "FD ~ Age",
                    "--into",
                    "fd",
                ]
            )
            .ShouldEndWith(BadInput)
            .ShouldSay("both have a scalar 'FD'");

    [Fact]
    public void Cohorts_without_a_common_subject_are_reported()
    {
        File.WriteAllText(
            _study.Combine("curv.csv"),
            File.ReadAllText(_study.Combine("curv.csv")).Replace("\nsub-", "\nS-", StringComparison.Ordinal)
        );
        Lm().ShouldEndWith(BadInput).ShouldSay("no subject in common", "subject_id 'sub-", "subject_id 'stranger'");
    }

    [Fact]
    public void A_repeated_subject_is_reported()
    {
        var rows = File.ReadAllLines(_study.Combine("curv.csv"));
        File.WriteAllLines(_study.Combine("curv.csv"), [.. rows, rows[^1]]);
        Lm().ShouldEndWith(BadInput).ShouldSay("rows 51 and 52 are both subject_id 'sub-");
    }

    [Fact]
    public void Unequal_elements_are_refused()
    {
        using var other = new Study(elements: 300);
        Python.Run("make_second.py", other.Folder).ShouldSucceed();
        File.Copy(other.Combine("curv.h5"), _study.Combine("curv.h5"), overwrite: true);
        Lm().ShouldEndWith(BadInput).ShouldSay("300 elements", "400");
    }

    [Fact]
    public void Missing_options_are_reported()
    {
        Run("a", [.. Both[..^2], "--model", "lm", "--formula", "FD ~ CURV", "--into", "fd"]).ShouldEndWith(Usage).ShouldSay("--merge-on");
        Run("b", [.. Both, "--model", "lm", "--formula", "FD ~ CURV"]).ShouldEndWith(Usage).ShouldSay("--into", "--output");
        Run("c", [.. Both[2..], "--model", "lm", "--formula", "FD ~ CURV", "--into", "fd"])
            .ShouldEndWith(Usage)
            .ShouldSay("--phenotypes", "2 times");
    }

    public void Dispose() => _study.Dispose();

    private string[] Both =>
        [
            "--data",
            $"fd={_study.Data}",
            "--data",
            $"curv={_study.Combine("curv.h5")}",
            "--phenotypes",
            $"fd={_study.Cohort}",
            "--phenotypes",
            $"curv={_study.Combine("curv.csv")}",
            "--merge-on",
            "subject_id",
        ];

    private Finished Lm() => Run("lm", [.. Both, "--model", "lm", "--formula", "FD ~ CURV", "--into", "fd"]);

    private Finished Run(string run, string[] arguments) =>
        HpcFitProgram.Run(["run", .. arguments, "--analysis", "a", "--run-dir", _study.Combine("run-" + run)]);
}
