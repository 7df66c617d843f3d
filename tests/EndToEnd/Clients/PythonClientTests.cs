using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Clients;

/// <summary>The tests of the Python package (deploy/clients/python/tests), run by Debian's python3 with the programs under test.</summary>
public sealed class PythonClientTests
{
    /// <summary>The folder to import the package from.</summary>
    public static string Package { get; } = RepositoryRoot.Combine("deploy", "clients", "python");

    private static string Tests { get; } = Path.Combine(Package, "tests");

    /// <summary>The files of tests.</summary>
    public static TheoryData<string> Files => [.. Directory.GetFiles(Tests, "test_*.py").Select(file => Path.GetFileName(file)!).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_tests_of_a_file_pass(string file)
    {
        using var running = Running.Start(
            Python.Path,
            ["-B", "-m", "unittest", "discover", "--verbose", "--start-directory", Tests, "--pattern", file],
            new Dictionary<string, string> { ["HPCFIT"] = HpcFitProgram.Folder, ["PYTHONPATH"] = Package }
        );
        var finished = running.Wait();
        finished.ExitCode.ShouldBe(0, finished.Errors);
        finished.Errors.ShouldContain("... ok");
    }
}
