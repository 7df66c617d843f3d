using System.Runtime.Versioning;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>A function in Python gives what Python alone gives, to the bit, with numpy and pandas or without.</summary>
[SupportedOSPlatform("linux")]
public sealed class PythonFunctionTests : IDisposable
{
    private readonly CustomRun _run = new(elements: 300);

    [Theory]
    [InlineData("with numpy", null)]
    [InlineData("standard library", "bare.sh")]
    public void Every_element_has_the_bits_of_Python_alone(string run, string? interpreter)
    {
        var python = interpreter is null ? Python.Path : BarePython(interpreter);
        _run.FitWith(new() { ["HPCFIT_PYTHON"] = python }, run, "moments.py", "--function-args", "k=3", "--workers", "1", "--threads", "2").ShouldSucceed();
        var results = _run.Results(run);
        results.Names.ShouldBe(["element_id", "mean", "moment", "slope", "women", "boot", "plain", "n"]);
        FunctionAlone.ShouldHaveGiven(_run, results, Python.Path, CustomRun.Function("alone.py"), CustomRun.Function("moments.py"));
    }

    [Fact]
    public void A_file_without_fit_is_told_what_it_defines()
    {
        var file = _run.Study.Combine("other.py");
        File.WriteAllText(file, "import math\n\ndef mean_of(data):\n    return {'mean': 1}\n");
        _run.Fit("other", file).ShouldEndWith(3).ShouldSay("other.py", "no function 'fit'", "mean_of", "--function-name");
    }

    [Fact]
    public void A_mistake_is_told_with_its_line()
    {
        var file = _run.Study.Combine("broken.py");
        File.WriteAllText(file, "def fit(data):\n    return {'mean': data['nothing']}\n");
        _run.Fit("broken", file).ShouldEndWith(3).ShouldSay("every element that was tried", "KeyError", "nothing", "line 2");
    }

    public void Dispose() => _run.Dispose();

    /// <summary>Debian's python3 as a site without any package would have it.</summary>
    private string BarePython(string name)
    {
        var script = _run.Study.Combine(name);
        File.WriteAllText(script, $"#!/bin/sh\nexec {Python.Path} -I -S \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }
}
