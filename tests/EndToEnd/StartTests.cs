using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>What a start costs, counted: methods that had to be compiled because no image held them (docs/decisions/start-up.md).</summary>
public sealed class StartTests
{
    private const string ListOfMethods = "DOTNET_JitStdOutFile";

    /// <summary>265 in the coordinator and 195 in the worker when this was written; 1,220 and 710 when the programs were compiled without the framework.</summary>
    [Fact]
    public void A_short_run_compiles_few_methods()
    {
        using var study = new Study(100);
        var (coordinator, worker) = (study.Combine("coordinator.txt"), study.Combine("worker.txt"));
        // The runtime lists them in release builds too, each process into a file of its own.
        var program = ShellScript.Write(study.Combine("worker"), $"{ListOfMethods}='{worker}' exec '{HpcFitProgram.Worker}' \"$@\"");
        var environment = new Dictionary<string, string> { ["DOTNET_JitDisasmSummary"] = "1", [ListOfMethods] = coordinator, ["HPCFIT_WORKER"] = program };

        HpcFitProgram.RunWith(environment, study.Lm("FD ~ Age", "lm", "--output", study.Combine("out.h5"), "--workers", "1")).ShouldSucceed();

        Methods(coordinator).ShouldBeInRange(1, 340);
        Methods(worker).ShouldBeInRange(1, 250);
    }

    /// <summary>Without those that are compiled again, better, because they were called often: how many depends on the time.</summary>
    private static int Methods(string list) =>
        File.ReadLines(list).Count(line => line.Contains("JIT compiled", StringComparison.Ordinal) && !line.Contains("[Tier1", StringComparison.Ordinal));
}
