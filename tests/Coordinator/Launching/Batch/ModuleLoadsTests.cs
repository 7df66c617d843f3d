using System.Diagnostics;
using HpcFit.Coordinator.Launching.Batch;

namespace HpcFit.Coordinator.Tests.Launching.Batch;

public class ModuleLoadsTests
{
    private const string Module = "module() { [ \"$2\" != absent ] && echo \"$1:$2\"; }\n";

    [Fact]
    public void Modules_are_loaded_in_their_order_whatever_their_names() =>
        Run(Module + ModuleLoads.Lines(["R/4.3", "it's $HOME"]) + "echo then\n").ShouldBe((0, "load:R/4.3\nload:it's $HOME\nthen\n"));

    [Fact]
    public void A_module_that_cannot_be_loaded_ends_the_job() =>
        Run(Module + ModuleLoads.Lines(["absent"]) + "echo then\n").ShouldBe((127, ""));

    [Fact]
    public void Without_modules_the_script_is_unchanged() => ModuleLoads.Lines([]).ShouldBe("");

    private static (int Code, string Output) Run(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true }).ShouldNotBeNull();
        var output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return (bash.ExitCode, output);
    }
}
