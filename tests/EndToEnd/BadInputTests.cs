using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Every mistake of a user is reported once, by name, before any long work, and leaves the data file unchanged.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int Usage = 2;
    private const int BadInput = 3;

    private readonly Study _study = new();
    private readonly byte[] _before;

    public BadInputTests() => _before = File.ReadAllBytes(_study.Data);

    public void Dispose()
    {
        if (File.Exists(_study.Data))
            File.ReadAllBytes(_study.Data).ShouldBe(_before, "the data file was changed by a command that failed");
        _study.Dispose();
    }

    [Fact]
    public void A_missing_data_file_is_reported() =>
        HpcFitProgram
            .Run(
                "run",
                "--model",
                "lm",
                "--data",
                _study.Combine("nowhere.h5"),
                "--phenotypes",
                _study.Cohort,
                "--formula",
                "FD ~ Age",
                "--analysis",
                "a",
                "--output",
                _study.Combine("out.h5")
            )
            .ShouldEndWith(BadInput)
            .ShouldSay("nowhere.h5");

    [Fact]
    public void A_file_that_is_not_HDF5_is_reported()
    {
        File.WriteAllText(_study.Combine("text.h5"), "not HDF5 at all");
        HpcFitProgram
            .Run(
                "run",
                "--model",
                "lm",
                "--data",
                _study.Combine("text.h5"),
                "--phenotypes",
                _study.Cohort,
                "--formula",
                "FD ~ Age",
                "--analysis",
                "a",
                "--output",
                _study.Combine("out.h5")
            )
            .ShouldEndWith(BadInput)
            .ShouldSay("text.h5", "not an HDF5 file");
    }

    [Fact]
    public void A_truncated_file_is_reported()
    {
        var cut = _study.Combine("cut.h5");
        File.WriteAllBytes(cut, _before[..(_before.Length / 2)]);
        HpcFitProgram
            .Run(
                "run",
                "--model",
                "lm",
                "--data",
                cut,
                "--phenotypes",
                _study.Cohort,
                "--formula",
                "FD ~ Age",
                "--analysis",
                "a",
                "--output",
                _study.Combine("out.h5")
            )
            .ShouldEndWith(BadInput)
            .ShouldSay("cut.h5", "truncated");
    }

    [Fact]
    public void A_wrong_scalar_is_reported_with_similar_ones() =>
        Lm("FDD ~ Age").ShouldEndWith(BadInput).ShouldSay("FDD", "Did you mean 'FD'");

    [Fact]
    public void An_unknown_variable_is_pointed_at_in_the_formula() =>
        Lm("FD ~ Agee + sex").ShouldEndWith(BadInput).ShouldSay("Agee", "^", "Did you mean 'Age'");

    [Fact]
    public void An_unknown_option_is_reported_with_similar_ones() =>
        Lm("FD ~ Age", "--treads", "2").ShouldEndWith(Usage).ShouldSay("--treads", "--threads");

    [Fact]
    public void An_unknown_source_is_listed()
    {
        File.WriteAllText(_study.Cohort, File.ReadAllText(_study.Cohort).Replace("sub-0007.mif", "sub-9999.mif", StringComparison.Ordinal));
        Lm("FD ~ Age").ShouldEndWith(BadInput).ShouldSay("sub-9999.mif", "cohort.csv");
    }

    [Fact]
    public void A_repeated_source_is_listed()
    {
        File.WriteAllText(_study.Cohort, File.ReadAllText(_study.Cohort).Replace("sub-0007.mif", "sub-0008.mif", StringComparison.Ordinal));
        Lm("FD ~ Age").ShouldEndWith(BadInput).ShouldSay("sub-0008.mif");
    }

    [Fact]
    public void A_subset_beyond_the_file_is_reported() =>
        Lm("FD ~ Age", "--element-subset", "1:4000").ShouldEndWith(BadInput).ShouldSay("4000", "3000");

    [Fact]
    public void A_subset_with_duplicates_is_reported() =>
        Lm("FD ~ Age", "--element-subset", "1:10,5").ShouldEndWith(BadInput).ShouldSay("5", "twice");

    [Fact]
    public void An_existing_output_is_replaced_only_with_overwrite()
    {
        Lm("FD ~ Age").ShouldSucceed();
        HpcFitProgram
            .Run(_study.Lm("FD ~ sex", "a", "--run-dir", _study.Combine("other"), "--output", _study.Combine("out.h5")))
            .ShouldEndWith(BadInput)
            .ShouldSay("out.h5", "--overwrite");
        ResultsTable.Read(_study.Combine("out.h5"), "a").Names.ShouldNotContain("sexM.estimate");
    }

    [Fact]
    public void An_output_that_is_a_data_file_is_not_replaced_even_with_overwrite()
    {
        var other = _study.Combine("other.h5");
        File.Copy(_study.Data, other, overwrite: true);
        var before = File.ReadAllBytes(other);
        HpcFitProgram
            .Run(_study.Lm("FD ~ sex", "a", "--run-dir", _study.Combine("loss"), "--output", other, "--overwrite"))
            .ShouldEndWith(BadInput)
            .ShouldSay("other.h5' exists and holds the scalar 'FD'", "Choose another --output");
        File.ReadAllBytes(other).ShouldBe(before);
        Directory.Exists(_study.Combine("loss")).ShouldBeFalse();
    }

    [Fact]
    public void An_existing_analysis_is_reported_before_anything_is_fitted()
    {
        using var study = new Study();
        HpcFitProgram.Run(study.Lm("FD ~ Age", "results_lm")).ShouldSucceed();
        HpcFitProgram
            .Run(study.Lm("FD ~ sex", "results_lm", "--run-dir", study.Combine("second")))
            .ShouldEndWith(BadInput)
            .ShouldSay("'results_lm' already", "--overwrite");
        Directory.Exists(study.Combine("second")).ShouldBeFalse();
    }

    [Fact]
    public void An_output_in_a_folder_without_write_permission_is_reported_before_anything_is_fitted()
    {
        HpcFitProgram
            .Run(_study.Lm("FD ~ Age", "a", "--run-dir", _study.Combine("run"), "--output", "/proc/out.h5"))
            .ShouldEndWith(BadInput)
            .ShouldSay("/proc/out.h5", "no file can be created");
        HpcFitProgram
            .Run(_study.Lm("FD ~ Age", "a", "--run-dir", _study.Combine("run"), "--output", _study.Combine("nowhere", "out.h5")))
            .ShouldEndWith(BadInput)
            .ShouldSay("nowhere");
        Directory.Exists(_study.Combine("run")).ShouldBeFalse();
    }

    [Fact]
    public void Contradictory_options_are_both_reported() =>
        Lm("FD ~ Age", "--jobs", "3", "--target-time", "5m").ShouldEndWith(Usage).ShouldSay("--jobs and --target-time");

    [Fact]
    public void A_folder_that_cannot_be_written_is_reported_before_any_work()
    {
        // Root may write anywhere, but no user can create a path below a file.
        HpcFitProgram
            .Run(_study.Lm("FD ~ Age", "a", "--output", _study.Combine("out.h5"), "--run-dir", Path.Combine(_study.Cohort, "run")))
            .ShouldEndWith(BadInput)
            .ShouldSay("cohort.csv");
    }

    [Fact]
    public void Without_the_HDF5_library_the_places_and_the_remedies_are_listed() =>
        HpcFitProgram
            .RunWith(
                new Dictionary<string, string> { ["HPCFIT_HDF5_LIBRARY"] = "/nowhere/libhdf5.so" },
                _study.Lm("FD ~ Age", "a", "--output", _study.Combine("out.h5"))
            )
            .ShouldEndWith(BadInput)
            .ShouldSay("/nowhere/libhdf5.so", "apt", "conda", "module");

    [Fact]
    public void Several_mistakes_are_reported_together() =>
        Lm("FD ~ Age", "--threads", "0", "--workers", "-1").ShouldEndWith(Usage).ShouldSay("--threads", "--workers");

    private Finished Lm(string formula, params string[] more) =>
        HpcFitProgram.Run(_study.Lm(formula, "a", ["--run-dir", _study.Combine("run"), "--output", _study.Combine("out.h5"), .. more]));
}
