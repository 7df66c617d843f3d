using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>The release build (<c>deploy/release/build</c>), which <c>./test</c> makes and tests.</summary>
public sealed class ReleaseBuildTests : IDisposable
{
    private readonly Study _study = new(100);

    public void Dispose() => _study.Dispose();

    [Fact]
    public void It_runs_where_no_dotnet_can_be_found()
    {
        var bare = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["DOTNET_ROOT"] = "/nowhere" };
        HpcFitProgram.RunWith(bare, _study.Lm("FD ~ Age", "lm", "--output", _study.Combine("out.h5"))).ShouldSucceed();
        ResultsTable.Read(_study.Combine("out.h5"), "lm").Rows.ShouldBe(100);
    }

    /// <summary>
    /// The cost of a start, as a count: methods that had to be compiled because no image contained them (docs/decisions/start-up.md). 360
    /// in the coordinator and 240 in the worker when this was written; 1,220 and 710 when the programs were compiled without the
    /// framework.
    /// </summary>
    [Fact]
    public void A_short_run_compiles_few_methods()
    {
        var run = _study.Combine("run");

        HpcFitProgram
            .Run(_study.Lm("FD ~ Age", "lm", "--output", _study.Combine("out.h5"), "--workers", "1", "--run-dir", run))
            .ShouldSucceed();

        // The programs' own count. The runtime's list of methods (JitStdOutFile) is closed at the end while threads still write to it, so
        // that one in a thousand successful runs was ended by a signal.
        var logs = Path.Combine(run, "logs");
        var coordinator = Path.Combine(logs, "run.jsonl");
        Methods(coordinator).ShouldBeInRange(1, 420);
        Methods(Directory.GetFiles(logs).Single(log => log != coordinator)).ShouldBeInRange(1, 300);
    }

    private static long Methods(string log) =>
        File.ReadLines(log)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Properties"))
            .Single(properties => properties.TryGetProperty("Methods", out _))
            .GetProperty("Methods")
            .GetInt64();
}
