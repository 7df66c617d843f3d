using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>The worker that a run starts in advance: process starts are counted, because they are what it saves.</summary>
public sealed class HeadStartTests(PreparedRuns runs) : IClassFixture<PreparedRuns>
{
    [Fact]
    public void One_process_probes_and_fits_the_jobs_that_follow_each_other()
    {
        Started("one", "exec", "--jobs", "1").ShouldBe(["attend"]);
        Started("three", "exec", "--jobs", "3", "--workers", "1").ShouldBe(["attend"]);
    }

    [Fact]
    public void Where_it_cannot_attend_every_command_gets_a_process_of_its_own() =>
        Started("refused", "[ \"$1\" = attend ] && exit 1; exec", "--jobs", "1").ShouldBe(["attend", "probe", "fit"]);

    /// <summary>The verbs of the worker processes of a run, whose results equal those of every other partition.</summary>
    private string[] Started(string name, string exec, params string[] partition)
    {
        var verbs = runs.Study.Combine($"verbs-{name}");
        var counting = ShellScript.Write(
            runs.Study.Combine($"counting-{name}.sh"),
            $"echo \"$1\" >> '{verbs}'\n{exec} '{HpcFitProgram.Worker}' \"$@\""
        );
        HpcFitProgram
            .RunWith(new Dictionary<string, string> { ["HPCFIT_WORKER"] = counting }, runs.Command("run", name, partition))
            .ShouldSucceed();
        runs.ShouldHold(name);
        return File.ReadAllLines(verbs);
    }
}
