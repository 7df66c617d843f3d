using System.Globalization;
using System.Text.RegularExpressions;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>
/// Permutation tests as a user requests them, judged by h5py and NumPy: the study is tests/EndToEnd/python/make_voxel_study.py.
/// </summary>
public sealed class PermutationRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PermutationRunTests() => Python.Run("make_voxel_study.py", _folder.Path).ShouldSucceed();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_division_gives_the_same_bytes_and_p_values_follow_from_the_maxima()
    {
        string[] model = ["--contrast", "slope: Age", "--contrast", "g: groupb", "--fwe-over", "contrasts", "--tail", "gpd", "--log10-p"];
        var one = Fit("one", [.. model, "--permutations", "300", "--enhance", "tfce", "--jobs", "1", "--workers", "1", "--threads", "1"]);
        one.Output.ShouldContain("shuffles   300 permutations");
        one.Output.ShouldContain("least p 0.00333, a p of 0.05 is estimated as 0.0253 to 0.0747");
        one.Output.ShouldContain("outside    6 elements outside the maximum, without p-values: 1 ConstantResponse, 5 NotPermuted");
        Fit("many", [.. model, "--permutations", "300", "--enhance", "tfce", "--jobs", "7", "--workers", "2", "--threads", "2"]);
        Judge("one", "many").ShouldContain("agrees: slope, g");
    }

    /// <summary>A strong effect among few shuffles: p by the tail is far below what these support.</summary>
    [Fact]
    public void Extrapolated_p_values_are_announced_wherever_results_are_described()
    {
        string[] model = ["--contrast", "slope: Age", "--tail", "gpd", "--log10-p", "--permutations", "200"];
        var output = Fit("strong", model).Output;
        var warning = output.Split('\n').Single(line => line.StartsWith("warning    slope.p.value.fwe.gpd: ", StringComparison.Ordinal));
        var limit = double.Parse(Regex.Match(warning, "state p < ([^,]+),").Groups[1].Value, CultureInfo.InvariantCulture);
        limit.ShouldBeInRange(0.0001, 0.005);
        var p = ResultsTable.Read(_folder.Combine("strong.h5"), "tests")["slope.p.value.fwe.gpd"];
        warning.ShouldContain($": {p.Count(value => value < limit)} elements have p below ");
        p.Min().ShouldBeLessThan(1e-5, "values stay, because their order is useful");
        HpcFitProgram.Run("status", _folder.Combine("runs", "strong")).Output.ShouldContain(warning.TrimEnd());
        var file = _folder.Combine("strong.h5");
        var note = $"slope.p.value.fwe.gpd: values below {Text(limit)} (at {p.Count(value => value < limit)} elements) are extrapolated";
        HpcFitProgram.Run("report", file, "tests", "--output", _folder.Combine("page.html")).ShouldSucceed();
        var page = File.ReadAllText(_folder.Combine("page.html"));
        page.ShouldContain($"slope.p.value.fwe.gpd: p-values below {Text(limit)} (elements: ", customMessage: "methods");
        page.ShouldContain($"<p class=\"footnote\">{note}", customMessage: "the table of peaks");
        string[] ofP = ["--columns", "slope.p.value.fwe.gpd"];
        HpcFitProgram.Run(["top", file, "tests", "--n", "2", .. ofP]).Output.ShouldContain(note);
        HpcFitProgram.Run(["top", file, "tests", "--n", "2", "--columns", "slope.p.value.fwe"]).Output.ShouldNotContain("extrapolated");
        HpcFitProgram.Run(["top", file, "tests", "--json", .. ofP]).Output.ShouldContain($"\"leastP\":{Text(limit)},\"elements\":");
        HpcFitProgram.Run(["export-table", file, "tests", .. ofP]).Errors.ShouldContain(note);
        var ofLogarithm = HpcFitProgram.Run("export-table", file, "tests", "--columns", "slope.p.value.fwe.gpd.neglog10").Errors;
        ofLogarithm.ShouldContain("slope.p.value.fwe.gpd.neglog10: values above ");
        ofLogarithm.ShouldContain($"state p < {Text(limit)}.");

        static string Text(double number) => number.ToString("G2", CultureInfo.InvariantCulture);
    }

    /// <summary>One run is done at once, another is killed, or stopped, while it enhances shuffles, and resumed.</summary>
    [Theory]
    [InlineData("greater", "above", "tfce", NativeSignal.Kill)]
    [InlineData("less", "below", "cfe", NativeSignal.Terminate)]
    public void One_side_is_tested_on_request(string side, string where, string enhancement, int signal)
    {
        string[] model = ["--contrast", "slope: Age", "--f-test", "group", "--tail", "gpd", "--alternative", side, "--permutations", "300"];
        string[] enhanced = [.. model, "--enhance", enhancement];
        if (enhancement == "cfe")
        {
            Python.Run("make_connectivity.py", _folder.Combine("connectivity"), "336", "1").ShouldSucceed();
            enhanced = [.. enhanced, "--cfe", _folder.Combine("connectivity")];
        }
        var one = Fit("one", [.. enhanced, "--jobs", "1", "--workers", "1", "--threads", "1"]);
        one.Output.ShouldContain($"one-sided  slope: p-values by permutation are of effects {where} 0; .p.value stays two-sided");
        var many = _folder.Combine("runs", "many");
        EnhancedStage.Interrupt(Command("many", [.. enhanced, "--jobs", "9", "--workers", "2", "--threads", "2"]), many, signal);
        File.Exists(_folder.Combine("many.h5")).ShouldBeFalse();
        HpcFitProgram.Run("resume", many).ShouldSucceed();
        Judge("one", "many").ShouldContain($"['{side}', 'one-sided']");
        Fit("plain", model);
        Judge("plain").ShouldContain($"['{side}', 'one-sided']");
        Fit("both", [.. model[..^4], "--permutations", "300"]).Output.ShouldNotContain("one-sided");
        var (plain, both) = (
            ResultsTable.Read(_folder.Combine("plain.h5"), "tests"),
            ResultsTable.Read(_folder.Combine("both.h5"), "tests")
        );
        both["slope.p.value.fwe"].ShouldNotBe(plain["slope.p.value.fwe"]);
        foreach (var name in (string[])["slope.p.value", "slope.z", "group.F.p.value.fwe", "group.F.p.value.perm"])
            both[name].Select(BitConverter.DoubleToInt64Bits).ShouldBe(plain[name].Select(BitConverter.DoubleToInt64Bits), name);
    }

    [Fact]
    public void More_shuffles_continue_those_of_an_earlier_run()
    {
        string[] model = ["--contrast", "slope: Age", "--exchange", "within=site", "--enhance", "cluster", "--cluster-z", "2"];
        Fit("some", [.. model, "--permutations", "280"], "runs");
        Fit("more", [.. model, "--permutations", "520"], "runs").Output.ShouldContain("520 shuffles in 1 job; 280 already have results");
        Fit("once", [.. model, "--permutations", "520"], "others").Output.ShouldNotContain("already have results");
        Judge("more", "once").ShouldContain("agrees: slope");
    }

    private Finished Fit(string name, string[] more, string runs = "runs") => HpcFitProgram.Run(Command(name, more, runs)).ShouldSucceed();

    private string[] Command(string name, string[] more, string runs = "runs") =>
        [
            .. (string[])["run", "--model", "lm", "--data", _folder.Combine("data.h5"), "--phenotypes", _folder.Combine("cohort.csv")],
            .. (string[])["--formula", "FD ~ Age + group", "--analysis", "tests", "--output", _folder.Combine(name + ".h5")],
            .. (string[])["--run-dir", _folder.Combine(runs, name), .. more],
        ];

    private string Judge(params string[] names)
    {
        var judged = Python.Run("judge_permutations.py", ["tests", .. names.Select(name => _folder.Combine(name + ".h5"))]);
        judged.ShouldSucceed();
        return judged.Output;
    }
}
