using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Clients;

/// <summary>The checks and tests of the R package (deploy/clients/R), run by Debian's R with the programs under test.</summary>
public sealed class RClientTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The files of tests.</summary>
    public static TheoryData<string> Files =>
        [
            .. Directory
                .GetFiles(Path.Combine(RClient.Source, "tests", "testthat"), "test-*.R")
                .Select(file => Path.GetFileNameWithoutExtension(file)["test-".Length..])
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_tests_of_a_file_pass(string file)
    {
        var tests = Path.Combine(RClient.Source, "tests", "testthat");
        var script =
            "library(testthat); library(hpcfit); "
            + $"results <- as.data.frame(test_dir('{tests}', filter = '^{file}$', reporter = 'check')); "
            + "cat('skipped:', sum(results$skipped), 'passed:', sum(results$passed) > 0)";
        var finished = Run("Rscript", "-e", script);
        finished.ExitCode.ShouldBe(0, finished.Output + finished.Errors);
        finished.Output.ShouldContain("skipped: 0 passed: TRUE");
    }

    [Fact]
    public void R_CMD_check_reports_no_error_warning_or_note()
    {
        Run("R", "CMD", "build", RClient.Source).ShouldSucceed();
        var package = Directory.GetFiles(_folder.Path, "hpcfit_*.tar.gz").ShouldHaveSingleItem();
        // The package's tests are the other tests of this class.
        var finished = Run("R", "CMD", "check", "--no-manual", "--no-tests", package);
        finished.Output.ShouldContain("Status: OK", Case.Sensitive, finished.Output);
    }

    private Finished Run(string program, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["HPCFIT"] = HpcFitProgram.Folder,
            ["HPCFIT_TEST_ORACLE"] = RepositoryRoot.Combine("tests", "Data", "oracle"),
            ["R_LIBS"] = RClient.Library,
        };
        using var running = Running.Start(program, arguments, environment, _folder.Path);
        return running.Wait();
    }
}
