using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary><c>runs</c> and <c>clean</c>: nothing goes whose results are not in their file.</summary>
public sealed class RunFoldersTests : IDisposable
{
    private readonly Study _study = new(elements: 400, subjects: 30);

    private string Written => _study.Combine("written");

    private string Elsewhere => _study.Combine("elsewhere");

    public RunFoldersTests()
    {
        HpcFitProgram.Run(_study.Lm("FD ~ Age", "a", "--run-dir", Written)).ShouldSucceed();
        HpcFitProgram.Run(_study.Lm("FD ~ sex", "b", "--run-dir", Elsewhere, "--output", _study.Combine("b.h5"))).ShouldSucceed();
    }

    [Fact]
    public void Partial_files_of_written_runs_are_deleted_after_they_were_shown()
    {
        HpcFitProgram.Run("rename", _study.Data, "a", "new name").ShouldSucceed();
        var shown = HpcFitProgram.Run("clean", _study.Data).ShouldSucceed().Output;
        shown.ShouldContain($"deletable  {Written}: 1 partial file");
        shown.ShouldContain("/results/new name");
        shown.ShouldContain("--yes");
        Partials(Written).ShouldHaveSingleItem();
        HpcFitProgram.Run("clean", _study.Folder, "--older-than", "30d", "--yes").ShouldSucceed().Output.ShouldContain("nothing to delete");
        Partials(Written).ShouldHaveSingleItem();

        HpcFitProgram.Run("clean", _study.Folder, "--yes").ShouldSucceed().Output.ShouldContain("deleted    2 partial files");

        Partials(Written).ShouldBeEmpty();
        Partials(Elsewhere).ShouldBeEmpty();
        HpcFitProgram.Run("status", Elsewhere).ShouldSucceed().Output.ShouldContain("complete");
        HpcFitProgram
            .Run(_study.Lm("FD ~ sex", "b", "--run-dir", Elsewhere, "--output", _study.Combine("b.h5")))
            .ShouldSucceed()
            .Output.ShouldContain("nothing was done");
        var runs = HpcFitProgram.Run("runs", _study.Data).ShouldSucceed().Output;
        runs.ShouldContain("written, cleaned  new name");
        runs.ShouldContain("FD ~ Age");
        runs.ShouldNotContain(Elsewhere); // of another file
    }

    [Fact]
    public void What_is_not_written_or_is_held_is_kept()
    {
        HpcFitProgram.Run("delete", _study.Data, "a").ShouldSucceed();
        File.Delete(_study.Combine("b.h5"));
        var kept = HpcFitProgram.Run("clean", _study.Folder, "--yes").ShouldSucceed().Output;
        kept.ShouldContain($"kept       {Written}: its results are not in");
        kept.ShouldContain($"kept       {Elsewhere}: '{_study.Combine("b.h5")}' does not exist");
        Partials(Written).ShouldHaveSingleItem();
        HpcFitProgram.Run("runs", Written).ShouldSucceed().Output.ShouldContain("fitted, not written  (a)");

        HpcFitProgram.Run("merge", Written).ShouldSucceed();
        var claim = Path.Combine(Written, "rounds.claim");
        File.WriteAllText(claim, "");
        HpcFitProgram.Run("clean", Written, "--yes").ShouldSucceed().Output.ShouldContain("holds it");
        Partials(Written).ShouldHaveSingleItem();
        File.Delete(claim);
        File.WriteAllText(Path.Combine(Written, "run.json"), "{}");
        HpcFitProgram.Run("clean", Written, "--yes").ShouldSucceed().Output.ShouldContain($"kept       {Written}");
        Partials(Written).ShouldHaveSingleItem();
    }

    [Fact]
    public void An_analysis_of_another_run_is_no_proof()
    {
        HpcFitProgram.Run([.. _study.Lm("FD ~ Age + sex", "a", "--run-dir", _study.Combine("other")), "--overwrite"]).ShouldSucceed();
        HpcFitProgram.Run("clean", Written, "--yes").ShouldSucceed().Output.ShouldContain("its results are not in");
        Partials(Written).ShouldHaveSingleItem();
        // The run directory of an analysis is found by what the analysis records.
        HpcFitProgram.Run("runs", _study.Data).ShouldSucceed().Output.ShouldContain(_study.Combine("other"));
    }

    public void Dispose() => _study.Dispose();

    private static string[] Partials(string run) => Directory.GetFiles(Path.Combine(run, "partials"), "*.partial");
}
