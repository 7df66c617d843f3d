using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>
/// A disk that refuses to sync at every place that promises durability: the command fails with an error message, nothing is lost, and the
/// next attempt succeeds.
/// </summary>
public sealed class SyncFailureTests : IDisposable
{
    private const int FileSystem = 8;

    private readonly FailingSync _disk = new();
    private readonly FittedRun _run = new(elements: 2000);

    [Theory]
    [InlineData("*/merge.claim.*.tmp", 1)] // the claim of the merge
    [InlineData("*/run", 1)] // the claim's name
    [InlineData("*/written.json.*.tmp", 1)] // JSON: that a write begins
    [InlineData("*/data.h5.hpcfit-write.*.tmp", 1)] // the claim of the write
    [InlineData("*/hpcfit-test-??????", 1)] // its name
    [InlineData("*/data.h5.hpcfit-undo.*.tmp", 1)] // the journal
    [InlineData("*/hpcfit-test-??????", 2)] // its name
    [InlineData("*/data.h5", 1)] // the data file, in the writing process
    [InlineData("*/data.h5.hpcfit-undo", 1)] // the commit
    public void A_write_into_the_data_file_leaves_the_old_bytes(string path, int at)
    {
        _disk.Run(path, at, "merge", _run.Run).ShouldEndWith(FileSystem).ShouldSay("Input/output error", _run.Folder);

        _run.HashOfData().ShouldBe(_run.BeforeHash);
        Directory.EnumerateFiles(_run.Folder, "data.h5.hpcfit-*").ShouldBeEmpty();
        Directory.EnumerateFiles(_run.Run, "*.tmp").ShouldBeEmpty();
        HpcFitProgram.Run("merge", _run.Run).ShouldSucceed();
        _run.ShouldHoldTheResults();
    }

    [Theory]
    [InlineData("*/data.h5")] // written, not synced; restored, not synced
    [InlineData("*/data.h5.hpcfit-undo")] // not committed, and the journal refuses to be made pending again
    public void A_restoration_that_fails_keeps_the_journal_for_another(string path)
    {
        _disk.Run(path, at: 0, "merge", _run.Run).ShouldEndWith(FileSystem).ShouldSay("hpcfit recover", _run.Data, "Input/output error");

        File.Exists(_run.Journal).ShouldBeTrue();
        _disk.Run(path, at: 0, "recover", _run.Data).ShouldEndWith(FileSystem).ShouldSay("Input/output error");
        File.Exists(_run.Journal).ShouldBeTrue();
        HpcFitProgram.Run("recover", _run.Data).ShouldSucceed();
        _run.HashOfData().ShouldBe(_run.BeforeHash);
        Directory.EnumerateFiles(_run.Folder, "data.h5.hpcfit-*").ShouldBeEmpty();
    }

    [Fact]
    public void A_committed_write_whose_journal_was_not_durably_removed_is_complete_but_fails()
    {
        _disk.Run("*/hpcfit-test-??????", 3, "merge", _run.Run).ShouldEndWith(FileSystem).ShouldSay("Input/output error");

        _run.ShouldHoldTheResults();
    }

    [Theory]
    [InlineData("*/new.h5.*.tmp", 1)] // the file, in the writing process
    [InlineData("*/hpcfit-test-??????", 2)] // its name
    public void A_new_file_is_absent(string path, int at)
    {
        var output = Path.Combine(_run.Folder, "new.h5");

        _disk.Run(path, at, "merge", _run.Run, "--output", output).ShouldEndWith(FileSystem).ShouldSay("Input/output error", _run.Folder);

        Directory.EnumerateFiles(_run.Folder, "new.h5*").ShouldBeEmpty();
        HpcFitProgram.Run("merge", _run.Run, "--output", output).ShouldSucceed();
    }

    [Theory]
    [InlineData("*/run.json.*.tmp", 1)] // what is computed
    [InlineData("*/target.json.*.tmp", 1)] // where it goes
    [InlineData("*/rounds.claim.*.tmp", 1)] // the claim of the rounds
    [InlineData("*/rounds/0001", 1)] // the name of the round's jobs
    public void A_run_directory_that_is_not_durable_ends_the_command(string path, int at)
    {
        string[] run =
        [
            "run",
            "--model",
            "lm",
            "--data",
            _run.Data,
            "--phenotypes",
            _run.Cohort,
            "--formula",
            "FD ~ Age",
            "--analysis",
            "other",
            "--run-dir",
            Path.Combine(_run.Folder, "other"),
        ];

        _disk.Run(path, at, run).ShouldEndWith(FileSystem).ShouldSay("Input/output error", "other");

        _run.HashOfData().ShouldBe(_run.BeforeHash);
        HpcFitProgram.Run(run).ShouldSucceed();
    }

    [Theory]
    [InlineData("*.partial")] // its content
    [InlineData("*/other/partials")] // its name
    public void A_partial_file_that_is_not_durable_fails_the_attempt(string path)
    {
        var folder = Path.Combine(_run.Folder, "other");
        HpcFitProgram
            .Run(
                "plan",
                "--model",
                "lm",
                "--data",
                _run.Data,
                "--phenotypes",
                _run.Cohort,
                "--formula",
                "FD ~ Age",
                "--analysis",
                "other",
                "--run-dir",
                folder
            )
            .ShouldSucceed();

        _disk
            .RunWorker(path, "fit", "--run", folder, "--round", "1", "--job", "0")
            .ShouldEndWith(FileSystem)
            .ShouldSay("Input/output error", folder);
    }

    public void Dispose()
    {
        _run.Dispose();
        _disk.Dispose();
    }
}
