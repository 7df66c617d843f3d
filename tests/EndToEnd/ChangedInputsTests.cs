using System.Text.Json.Nodes;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>
/// Inputs that change during a run: results are never written for values, subjects or a cohort that no longer exist.
/// </summary>
public sealed class ChangedInputsTests : IDisposable
{
    private const int BadInput = 3;

    private readonly Study _study = new(elements: 60_000, subjects: 40);
    private readonly string _run;

    public ChangedInputsTests() => _run = _study.Combine("run");

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("contiguous")]
    [InlineData("plain")]
    [InlineData("lzf")]
    [InlineData("external")]
    public void Values_changed_in_place_are_reported_when_the_command_is_repeated(string layout)
    {
        Python.Run("rewrite_scalar.py", _study.Data, "FD", layout).ShouldSucceed();
        Fit("o1.h5").ShouldSucceed();
        Fit("o2.h5").ShouldSucceed();
        Python.Run("change_values.py", _study.Data, "FD", "7", "21241", "21243").ShouldSucceed();
        Fit("o3.h5")
            .ShouldEndWith(BadInput)
            .ShouldSay("stored values of the scalar 'FD' at elements", "--run-dir", "--accept-changed-inputs");
        File.Exists(_study.Combine("o3.h5")).ShouldBeFalse();
        Python.Run("change_values.py", _study.Data, "FD", "7", "21241", "21243").ShouldSucceed();
        HpcFitProgram.Run("merge", _run, "--analysis", "a", "--output", _study.Combine("o4.h5")).ShouldEndWith(BadInput);
        HpcFitProgram.Run("merge", _run, "--analysis", "a", "--output", _study.Combine("o4.h5"), "--accept-changed-inputs").ShouldSucceed();
        Python
            .Run("show_attribute.py", _study.Combine("o4.h5"), "results/a", "hpcfit_accepted_changes")
            .ShouldSucceed()
            .Output.ShouldContain("stored values of the scalar 'FD'");
    }

    [Fact]
    public void A_merge_into_a_file_of_another_study_is_refused()
    {
        Fit("o1.h5").ShouldSucceed();
        Python.Run("make_study.py", _study.Folder, "60000", "40", "2").ShouldSucceed();
        Merge("b").ShouldEndWith(BadInput).ShouldSay("scalar 'FD'", "Nothing was written");
        Python.Run("make_study.py", _study.Folder, "50000", "40", "1").ShouldSucceed();
        Merge("b").ShouldEndWith(BadInput).ShouldSay("40 subjects x 50000 elements", "40 subjects x 60000 elements");
    }

    [Fact]
    public void A_changed_cohort_is_refused_and_one_that_was_only_touched_is_not()
    {
        Fit("o1.h5").ShouldSucceed();
        File.SetLastWriteTimeUtc(_study.Cohort, DateTime.UtcNow);
        Merge("b").ShouldSucceed();
        Python.Run("change_cohort.py", _study.Cohort, "Age").ShouldSucceed();
        Merge("c").ShouldEndWith(BadInput).ShouldSay("cohort", _study.Cohort);
    }

    [Fact]
    public void Analyses_added_during_a_run_are_not_changes_and_own_writes_are_recorded()
    {
        Fit("o1.h5").ShouldSucceed();
        Merge("b").ShouldSucceed();
        var recorded = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "inputs.json")))!["files"]!
            .AsArray()
            .Single(file => (string)file!["path"]! == _study.Data)!;
        ((long)recorded["bytes"]!).ShouldBe(new FileInfo(_study.Data).Length);
        HpcFitProgram.Run(_study.Lm("FD ~ motion", "other", "--run-dir", _study.Combine("other"))).ShouldSucceed();
        recorded = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "inputs.json")))!["files"]!
            .AsArray()
            .Single(file => (string)file!["path"]! == _study.Data)!;
        ((long)recorded["bytes"]!).ShouldBe(new FileInfo(_study.Data).Length, "the other runs of the file account for the write");
        Merge("c").ShouldSucceed();
    }

    private Finished Fit(string output) =>
        HpcFitProgram.Run(_study.Lm("FD ~ Age", "a", "--run-dir", _run, "--output", _study.Combine(output)));

    /// <summary>Into the data file: the target that the run recorded was a new one, so its record is removed first.</summary>
    private Finished Merge(string analysis)
    {
        File.Delete(Path.Combine(_run, "target.json"));
        return HpcFitProgram.Run("merge", _run, "--analysis", analysis);
    }
}
