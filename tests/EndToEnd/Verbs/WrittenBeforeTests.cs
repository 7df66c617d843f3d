using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>A run whose results are already written: commands report this and do nothing, and notice if the results were deleted.</summary>
public sealed class WrittenBeforeTests : IDisposable
{
    private const string Analysis = "results_lm";
    private readonly Study _study = new(elements: 2_000, subjects: 20);

    private string Folder => _study.Combine("run");

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Every_verb_that_writes_reports_this_and_succeeds()
    {
        Run().ShouldSucceed().Output.ShouldNotContain("already");
        var before = File.ReadAllBytes(_study.Data);
        foreach (var again in (Finished[])[Run(), HpcFitProgram.Run("resume", Folder), HpcFitProgram.Run("merge", Folder)])
            again.ShouldSucceed().Output.ShouldContain($"/results/{Analysis} in {_study.Data} already holds the results of this run");
        File.ReadAllBytes(_study.Data).ShouldBe(before);
        HpcFitProgram
            .Run(_study.Lm("FD ~ sex", Analysis, "--run-dir", _study.Combine("other")))
            .ShouldEndWith(3)
            .ShouldSay($"'{Analysis}' already");
    }

    [Fact]
    public void The_same_holds_for_a_file_of_their_own()
    {
        string[] output = ["--output", _study.Combine("out.h5")];
        Run(output).ShouldSucceed();
        Run(output).ShouldSucceed().Output.ShouldContain("already");
        HpcFitProgram.Run("merge", Folder).ShouldSucceed().Output.ShouldContain("already");
        Run([.. output, "--overwrite"]).ShouldSucceed().Output.ShouldNotContain("already: nothing");
        File.WriteAllText(output[1], "something else");
        Run(output).ShouldEndWith(3).ShouldSay("out.h5' exists");
    }

    [Fact]
    public void Deleted_results_are_written_again()
    {
        Run().ShouldSucceed();
        Status().GetProperty("isWritten").GetBoolean().ShouldBeTrue();
        Python.Run("delete_node.py", _study.Data, $"results/{Analysis}").ShouldSucceed();
        Status().GetProperty("isWritten").GetBoolean().ShouldBeFalse();
        HpcFitProgram.Run("status", Folder).ShouldSucceed().Output.ShouldContain($"hpcfit merge {Folder}");
        HpcFitProgram.Run("merge", Folder).ShouldSucceed().Output.ShouldNotContain("already");
        Status().GetProperty("isWritten").GetBoolean().ShouldBeTrue();
    }

    private Finished Run(params string[] more) => HpcFitProgram.Run([.. _study.Lm("FD ~ Age", Analysis, "--run-dir", Folder), .. more]);

    private JsonElement Status()
    {
        var status = JsonDocument.Parse(HpcFitProgram.Run("status", Folder, "--json").ShouldSucceed().Output).RootElement;
        status.GetProperty("format").GetInt32().ShouldBe(1);
        return status;
    }
}
