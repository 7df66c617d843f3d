using HpcFit.EndToEnd.Tests.Clients;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>One side that is tested after both needs no shuffle again, and results are those of a run that tested it alone.</summary>
public sealed class OneSideAfterBothTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("greater", "--enhance tfce", 280, 280)]
    [InlineData("less", "--enhance tfce --tfce-like fsl", 280, 520)]
    [InlineData("greater", "--enhance tfce --tfce-like palm", 280, 520)]
    [InlineData("less", "--enhance tfce --tfce-like mrtrix --errors both", 280, 280)]
    [InlineData("less", "--enhance cluster --cluster-z 2 --cluster-stat mass", 280, 280)]
    [InlineData("greater", "--enhance cfe --cfe connectivity", 280, 520)]
    public void Shuffles_of_both_sides_serve_one(string side, string enhancement, int before, int after)
    {
        var isOfFixels = enhancement.Contains("cfe", StringComparison.Ordinal);
        Study(isOfFixels);
        var model = Model(isOfFixels, enhancement);
        Fit("both", "runs", [.. model, "--permutations", $"{before}"]);
        string[] oneSided = [.. model, "--permutations", $"{after}", "--alternative", side];
        Fit("one", "runs", oneSided).ShouldContain($"; {before} already have results");
        Fit("alone", "others", oneSided).ShouldNotContain("already have results");
        SameResults("one", "alone");
    }

    [Fact]
    public void A_form_whose_heights_depend_on_both_signs_is_computed_again()
    {
        Study(isOfFixels: false);
        var model = Model(isOfFixels: false, "--enhance tfce --tfce-like nilearn --permutations 100");
        Fit("both", "runs", model);
        Fit("one", "runs", [.. model, "--alternative", "greater"]).ShouldNotContain("already have results");
    }

    /// <summary>
    /// The functions of docs/permutation.md compute p of one side from the results of a two-sided run, with <c>z</c> as with <c>t</c>.
    /// </summary>
    [Theory]
    [InlineData("--perm-missing exclude")]
    [InlineData("--variance-groups sex")]
    [InlineData("--enhance cfe --cfe connectivity")]
    public void The_documented_functions_give_the_numbers_of_a_run(string options)
    {
        Study(isOfFixels: true);
        string[] model = [.. Model(isOfFixels: true, options), "--contrast", "female: -sexM", "--permutations", "200"];
        Fit("both", "runs", model);
        Fit("greater", "others", [.. model, "--alternative", "greater"]);
        Fit("less", "others", [.. model, "--alternative", "less"]);
        var (python, r) = (Documented("python"), Documented("r"));
        Interpret(
            Python.Path,
            "-c",
            python
                + """

                for side in ("greater", "less"):
                    with h5py.File(side + ".h5") as opened:
                        names = [name.decode() for name in opened["results/tests/column_names"]]
                        for test in ("slope", "female"):
                            columns = [opened["results/tests/results_matrix"][names.index(test + ".p.value." + p)] for p in ("perm", "fwe")]
                            computed = one_sided("both.h5", "tests", test, side == "greater")
                            assert np.array_equal(computed, columns, equal_nan=True), (side, test)
                            assert 1 < len(set(columns[1]))
                """
        );
        Interpret(
            "Rscript",
            "-e",
            r
                + """

                for (side in c("greater", "less")) for (test in c("slope", "female")) {
                  of <- function(name) rhdf5::h5read(paste0(side, ".h5"), paste0("results/tests/", name))
                  columns <- of("results_matrix")[, match(paste0(test, ".p.value.", c("perm", "fwe")), of("column_names"))]
                  computed <- unname(as.matrix(one_sided("both.h5", "tests", test, side == "greater")))
                  stopifnot(identical(is.na(computed), is.na(columns)), all(computed == columns, na.rm = TRUE))
                }
                """
        );
        if (options.Contains("cfe", StringComparison.Ordinal))
            Interpret(
                Python.Path,
                "-c",
                python
                    .Replace("\"null_maxima\"", "\"null_maxima_cfe\"", StringComparison.Ordinal)
                    .Replace("maxima.attrs[\"shuffles\"][number]", "len(maxima)", StringComparison.Ordinal)
                    + """

                    for side in ("greater", "less"):
                        with h5py.File(side + ".h5") as opened:
                            names = [name.decode() for name in opened["results/tests/column_names"]]
                            column = opened["results/tests/results_matrix"][names.index("slope.p.value.fwe.cfe")]
                        computed = one_sided("both.h5", "tests", "slope", side == "greater")[1]
                        assert np.array_equal(computed, column, equal_nan=True), side
                    """
            );
    }

    /// <summary>The example of a language, for the runs of this test.</summary>
    private static string Documented(string language) =>
        DocumentedExample
            .In("docs/permutation.md")
            .Single(one => one.Language == language)
            .Commands.Replace("data.h5", "both.h5", StringComparison.Ordinal)
            .Replace("permuted", "tests", StringComparison.Ordinal)
            .Replace("\"age\"", "\"slope\"", StringComparison.Ordinal);

    private void Interpret(string program, string option, string code)
    {
        using var running = Running.Start(
            program,
            [option, code],
            new Dictionary<string, string> { ["R_LIBS"] = program == "Rscript" ? RClient.Library : "" },
            _folder.Path
        );
        running.Wait().ShouldSucceed();
    }

    private void Study(bool isOfFixels)
    {
        Python.Run(isOfFixels ? "make_guide_study.py" : "make_voxel_study.py", _folder.Path).ShouldSucceed();
        if (isOfFixels)
            Python.Run("make_connectivity.py", _folder.Combine("connectivity"), "400", "10").ShouldSucceed();
    }

    private string[] Model(bool isOfFixels, string enhancement) =>
        [
            .. isOfFixels
                ? ["--formula", "FDC ~ Age + sex", "--f-test", "sex"]
                : (string[])["--formula", "FD ~ Age + group", "--f-test", "group"],
            .. enhancement.Replace("--cfe connectivity", $"--cfe {_folder.Combine("connectivity")}", StringComparison.Ordinal).Split(' '),
        ];

    private string Fit(string name, string runs, string[] model)
    {
        var finished = HpcFitProgram.Run([
            .. (string[])["run", "--model", "lm", "--data", _folder.Combine("data.h5"), "--phenotypes", _folder.Combine("cohort.csv")],
            .. (string[])["--contrast", "slope: Age", "--tail", "gpd", "--log10-p", "--analysis", "tests"],
            .. (string[])["--output", _folder.Combine(name + ".h5"), "--run-dir", _folder.Combine(runs, name)],
            .. model,
        ]);
        finished.ShouldSucceed();
        return finished.Output;
    }

    private void SameResults(string one, string other)
    {
        var judged = Python.Run("permutation/same_results.py", _folder.Combine(one + ".h5"), _folder.Combine(other + ".h5"), "tests");
        judged.ShouldSucceed();
        judged.Output.ShouldContain("null_maxima_");
    }
}
