using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>A function in Python gives the same bits as in Python alone, with or without numpy and pandas.</summary>
public sealed class PythonFunctionTests : IDisposable
{
    private readonly CustomRun _run = new(elements: 300);

    [Theory]
    [InlineData("with pandas", "exec {python} \"$@\"")]
    [InlineData("with numpy", "PYTHONPATH={absent} exec {python} \"$@\"")]
    [InlineData("standard library", "exec {python} -I -S \"$@\"")]
    public void Every_element_has_the_bits_of_Python_alone(string run, string script)
    {
        var python = Interpreter(script);
        _run.FitWith(new() { ["HPCFIT_PYTHON"] = python }, run, "moments.py", "--function-args", "k=3", "--workers", "1", "--threads", "2")
            .ShouldSucceed();
        var results = _run.Results(run);
        results.Names.ShouldBe(["element_id", "mean", "moment", "slope", "women", "boot", "plain", "n"]);
        FunctionAlone.ShouldHaveGiven(_run, results, Python.Path, CustomRun.Function("alone.py"), CustomRun.Function("moments.py"));
    }

    [Fact]
    public void A_function_over_a_DataFrame_gets_one_of_its_own_at_every_element()
    {
        _run.Fit("moments", "moments.py").ShouldSucceed();
        _run.FitWith(new() { ["HPCFIT_PYTHON"] = Python.Path }, "groups", "groups.py", "--threads", "2")
            .ShouldSucceed()
            .Output.ShouldContain("NaN as 'none'");
        var (moments, groups) = (_run.Results("moments"), _run.Results("groups"));
        groups.Names.ShouldBe(["element_id", "n", "mean", "slope", "difference", "none"]);
        groups["n"].ShouldBe(moments["n"]);
        groups["none"].ShouldAllBe(value => double.IsNaN(value));
        for (var element = 0; element < groups.Rows; element++)
        {
            if (double.IsNaN(moments["slope"][element]))
                continue;
            groups["slope"][element].ShouldBe(moments["slope"][element], 1e-9 * Math.Abs(moments["slope"][element]));
            Math.Abs(groups["mean"][element]).ShouldBeLessThan(1e-12);
        }
    }

    [Fact]
    public void A_file_without_fit_is_reported_with_its_definitions()
    {
        var file = _run.Study.Combine("other.py");
        File.WriteAllText(file, "import math\n\ndef mean_of(data):\n    return {'mean': 1}\n");
        _run.Fit("other", file).ShouldEndWith(3).ShouldSay("other.py", "no function 'fit'", "mean_of", "--function-name");
    }

    [Fact]
    public void A_mistake_is_reported_with_its_line()
    {
        var file = _run.Study.Combine("broken.py");
        File.WriteAllText(file, "def fit(data):\n    return {'mean': data['nothing']}\n");
        _run.Fit("broken", file).ShouldEndWith(3).ShouldSay("every element that was tried", "KeyError", "nothing", "line 2");
    }

    public void Dispose() => _run.Dispose();

    /// <summary>
    /// Debian's python3 in three configurations: with its packages, with a pandas that cannot be imported, and without any package.
    /// </summary>
    private string Interpreter(string script)
    {
        var absent = Directory.CreateDirectory(_run.Study.Combine("absent")).FullName;
        File.WriteAllText(Path.Combine(absent, "pandas.py"), "raise ImportError('not here')\n");
        return ShellScript.Write(
            _run.Study.Combine("python.sh"),
            script.Replace("{python}", Python.Path).Replace("{absent}", $"'{absent}'")
        );
    }
}
