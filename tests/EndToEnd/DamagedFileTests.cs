using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Files on which libhdf5 crashes: every verb that reads them answers with a sentence and exit code 3.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int BadInput = 3;

    private static readonly string crashing = RepositoryRoot.Combine("tests", "Data", "damaged", "segv-133.h5");

    private readonly Study _study = new(elements: 200, subjects: 20);

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("inspect", "{file}")]
    [InlineData("rechunk", "{file}", "{folder}/new.h5")]
    [InlineData("element", "--data", "{file}", "--phenotypes", "{cohort}", "--id", "3")]
    [InlineData("run", "--model", "lm", "--data", "{file}", "--phenotypes", "{cohort}", "--formula", "FD ~ Age", "--analysis", "a", "--output", "{folder}/out.h5")]
    public void A_crash_of_the_library_is_reported_as_damage_of_the_file(params string[] arguments)
    {
        HpcFitProgram.Run(Array.ConvertAll(arguments, Fill)).ShouldEndWith(BadInput).ShouldSay("segv-133.h5", "SIGSEGV");
        Directory.GetFiles(_study.Folder, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public void A_file_damaged_after_its_run_was_planned_is_reported_at_the_merge()
    {
        var run = _study.Combine("run");
        HpcFitProgram.Run(_study.Lm("FD ~ Age", "a", "--run-dir", run)).ShouldSucceed();
        File.Copy(crashing, _study.Data, overwrite: true);
        HpcFitProgram.Run("merge", run, "--analysis", "b").ShouldEndWith(BadInput).ShouldSay(_study.Data, "SIGSEGV");
    }

    [Fact]
    public void A_superblock_that_does_not_decode_is_named()
    {
        var file = RepositoryRoot.Combine("tests", "Data", "damaged", "superblock-459.h5");
        HpcFitProgram.Run("inspect", file).ShouldEndWith(BadInput).ShouldSay("superblock-459.h5", "superblock");
    }

    private string Fill(string argument) => argument.Replace("{file}", crashing, StringComparison.Ordinal)
        .Replace("{folder}", _study.Folder, StringComparison.Ordinal).Replace("{cohort}", _study.Cohort, StringComparison.Ordinal);
}
