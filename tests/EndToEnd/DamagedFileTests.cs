using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Files on which libhdf5 crashes: every verb that reads them ends with an error message and exit code 3.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int BadInput = 3;
    private const int Cancelled = 6;
    private const int Sigterm = 15;

    private static readonly string Crashing = RepositoryRoot.Combine("tests", "Data", "damaged", "segv-133.h5");
    private static readonly string Hanging = RepositoryRoot.Combine("tests", "Data", "damaged", "hang-217.h5");

    private readonly Study _study = new(elements: 200, subjects: 20);

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("inspect", "{file}")]
    [InlineData("rechunk", "{file}", "{folder}/new.h5")]
    [InlineData("element", "--data", "{file}", "--phenotypes", "{cohort}", "--id", "3")]
    [InlineData(
        "run",
        "--model",
        "lm",
        "--data",
        "{file}",
        "--phenotypes",
        "{cohort}",
        "--formula",
        "FD ~ Age",
        "--analysis",
        "a",
        "--output",
        "{folder}/out.h5"
    )]
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
        File.Copy(Crashing, _study.Data, overwrite: true);
        HpcFitProgram.Run("merge", run, "--analysis", "b").ShouldEndWith(BadInput).ShouldSay(_study.Data, "SIGSEGV");
    }

    [Theory]
    [InlineData("inspect", "{hanging}")]
    [InlineData("rechunk", "{hanging}", "{folder}/new.h5")]
    [InlineData("element", "--data", "{hanging}", "--phenotypes", "{cohort}", "--id", "3")]
    [InlineData(
        "run",
        "--model",
        "lm",
        "--data",
        "{hanging}",
        "--phenotypes",
        "{cohort}",
        "--formula",
        "FD ~ Age",
        "--analysis",
        "a",
        "--output",
        "{folder}/out.h5"
    )]
    public void A_call_that_does_not_return_is_reported_as_damage_of_the_file(params string[] arguments) =>
        HpcFitProgram
            .Run([.. arguments.Select(Fill), "--metadata-timeout", "2s"])
            .ShouldEndWith(BadInput)
            .ShouldSay("hang-217.h5", "no progress", "--metadata-timeout");

    [Fact]
    public void A_call_that_does_not_return_is_ended_by_SIGTERM()
    {
        using var inspect = HpcFitProgram.Start("inspect", Hanging);
        while (!inspect.HasExited && !ProcessTree.Children(inspect.Id, "hpcfit").Any(IsWatched))
            Thread.Sleep(20);
        inspect.Signal(Sigterm);
        inspect.Wait().ShouldEndWith(Cancelled).ShouldSay("hang-217.h5");
    }

    [Fact]
    public void An_index_entry_outside_the_matrix_is_damage_and_not_a_missing_chunk()
    {
        Python.Run("small_files.py", _study.Folder).ShouldSucceed();
        var file = RepositoryRoot.Combine("tests", "Data", "damaged", "chunk-index-196.h5");
        HpcFitProgram
            .Run(
                "run",
                "--model",
                "lm",
                "--data",
                file,
                "--phenotypes",
                _study.Cohort,
                "--formula",
                "FC ~ Age",
                "--analysis",
                "a",
                "--output",
                _study.Combine("out.h5")
            )
            .ShouldEndWith(BadInput)
            .ShouldSay("chunk-index-196.h5", "chunk index");
    }

    [Theory]
    [InlineData("fifo", "FIFO")]
    [InlineData("folder", "folder")]
    [InlineData("dangling", "odd.py")]
    [InlineData("device", "device")]
    public void Anything_but_a_regular_file_is_reported_without_waiting(string kind, string named)
    {
        var path = _study.Combine("odd.py");
        var make = kind switch
        {
            "fifo" => $"mkfifo {path}",
            "folder" => $"mkdir {path}",
            "dangling" => $"ln -s nowhere {path}",
            _ => $"ln -s /dev/zero {path}",
        };
        using (var shell = Running.Start("sh", ["-c", make]))
            shell.Wait().ShouldSucceed();
        string[] output = ["--analysis", "a", "--output", _study.Combine("out.h5")];
        string[][] commands =
        [
            ["inspect", path],
            ["export-table", path, "a"],
            ["rechunk", path, _study.Combine("new.h5")],
            ["run", "--model", "lm", "--data", path, "--phenotypes", _study.Cohort, "--formula", "FD ~ Age", .. output],
            ["run", "--model", "lm", "--data", _study.Data, "--phenotypes", path, "--formula", "FD ~ Age", .. output],
            ["run", "--model", "custom", "--data", _study.Data, "--phenotypes", _study.Cohort, "--function", path, .. output],
            ["run", "--spec", path, .. output],
            ["convert", "--cohort", path, "--output", _study.Combine("new.h5")],
        ];
        foreach (var command in commands)
            HpcFitProgram.Run(command).ShouldEndWith(BadInput).ShouldSay("odd.py", named);
    }

    [Fact]
    public void A_superblock_that_cannot_be_decoded_is_reported()
    {
        var file = RepositoryRoot.Combine("tests", "Data", "damaged", "superblock-459.h5");
        HpcFitProgram.Run("inspect", file).ShouldEndWith(BadInput).ShouldSay("superblock-459.h5", "superblock");
    }

    /// <summary>Whether a process has reached the point where it reads the file: signals are handled, and libhdf5 is watched.</summary>
    private static bool IsWatched(int pid)
    {
        try
        {
            return Directory
                .EnumerateDirectories($"/proc/{pid}/task")
                .Any(thread => File.ReadAllText(Path.Combine(thread, "comm")).Trim() == "libhdf5 watch");
        }
        catch (IOException)
        {
            return false; // gone meanwhile
        }
    }

    private string Fill(string argument) =>
        argument
            .Replace("{file}", Crashing, StringComparison.Ordinal)
            .Replace("{hanging}", Hanging, StringComparison.Ordinal)
            .Replace("{folder}", _study.Folder, StringComparison.Ordinal)
            .Replace("{cohort}", _study.Cohort, StringComparison.Ordinal);
}
