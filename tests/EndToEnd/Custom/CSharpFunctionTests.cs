using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Functions;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>Functions in C#, as a script and as a built assembly, in a separate process.</summary>
public sealed class CSharpFunctionTests : IDisposable
{
    private static readonly string[] Arguments = ["--function-args", "k=3, method=\"plain\""];

    private readonly CustomRun _run = new(elements: 300);

    [Fact]
    public void A_script_and_an_assembly_give_the_bits_of_the_function_itself()
    {
        _run.Fit("script", "moments.csx", [.. Arguments, "--workers", "1", "--threads", "2"]).ShouldSucceed();
        _run.Fit("assembly", typeof(Moments).Assembly.Location, [.. Arguments, "--function-name", nameof(Moments), "--jobs", "3"])
            .ShouldSucceed();
        var script = _run.Results("script");
        script.Names.ShouldBe(["element_id", "mean", "moment", "slope", "women", "draw", "plain", "n"]);
        script.ShouldHaveTheSameBitsAs(_run.Results("assembly"));
        _run.Log("script").ShouldContain("printed at 60 rows");

        File.WriteAllText(
            _run.Study.Combine("sources"),
            Python.Run("dump_scalar.py", _run.Study.Data, "FD", _run.Study.Combine("values")).ShouldSucceed().Output
        );
        var sources = File.ReadAllLines(_run.Study.Combine("sources"));
        var cohort = SourceMatching.InFileOrder(CohortTable.Read(_run.Study.Cohort), sources, "FD");
        var bytes = File.ReadAllBytes(_run.Study.Combine("values"));
        foreach (var element in (int[])[0, 3, 7, 11, 150, 299])
        {
            var values = System
                .Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(bytes)
                .Slice(element * sources.Length, sources.Length)
                .ToArray();
            var rows = Enumerable.Range(0, values.Length).Where(row => double.IsFinite(values[row])).ToArray();
            var data = new ElementData(
                cohort,
                ["FD"],
                values,
                rows,
                (1_000_003 + element) % int.MaxValue,
                new Dictionary<string, string> { ["k"] = "3", ["method"] = "plain" }
            );
            foreach (var (name, value) in new Moments().Fit(data))
                BitConverter
                    .DoubleToInt64Bits(script[name][element])
                    .ShouldBe(BitConverter.DoubleToInt64Bits(rows.Length > 12 ? value : double.NaN), $"{name} of element {element}");
        }
    }

    [Fact]
    public void A_script_that_does_not_compile_is_reported_with_the_line() =>
        Script("Dictionary<string, double> Fit(ElementData data)\n{\n    return nothing;\n}\n")
            .ShouldEndWith(3)
            .ShouldSay("mine.csx", "(3,12)", "nothing");

    [Fact]
    public void A_script_without_the_function_is_reported_with_the_expected_name() =>
        Script("double Mean(ElementData data) => 1;").ShouldEndWith(3).ShouldSay("no function 'Fit(ElementData data)'");

    [Theory]
    [InlineData("hang", "UserCodeTimedOut", "longer than 1 s", "--element-timeout", "1s")]
    [InlineData("throw", "UserCodeFailed", "InvalidOperationException: no good reason")]
    public void A_failure_costs_its_elements_only(string how, string code, string message, params string[] options)
    {
        var said = _run.FitWith(new() { ["MISBEHAVE"] = how }, how, "moments.csx", ["--on-error", "skip", .. Arguments, .. options])
            .ShouldSucceed()
            .Output;
        said.ShouldContain(code);
        said.ShouldContain(message);
        _run.Fit("undisturbed", "moments.csx", [.. Arguments, "--overwrite"]).ShouldSucceed();
        var (results, undisturbed) = (_run.Results(how), _run.Results("undisturbed"));
        var lost = Enumerable
            .Range(0, 300)
            .Where(element => double.IsNaN(results["mean"][element]) && !double.IsNaN(undisturbed["mean"][element]))
            .ToList();
        lost.Count.ShouldBeInRange(1, 6);
        foreach (var element in Enumerable.Range(0, 300).Except(lost))
            results["draw"][element].ShouldBe(undisturbed["draw"][element]);
    }

    public void Dispose() => _run.Dispose();

    private Finished Script(string text)
    {
        var file = _run.Study.Combine("mine.csx");
        File.WriteAllText(file, text);
        return _run.Fit("mine", file);
    }
}
