using HpcFit.EndToEnd.Tests.Clients;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>
/// The marked examples of the documentation (<see cref="DocumentedExample"/>), run as a user would: page by page, in order, in a folder
/// with data.h5 and cohort.csv of a simulated study (tests/EndToEnd/python/make_guide_study.py).
/// </summary>
public sealed class UserGuideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The pages with marked examples, and the number of examples that each has at least.</summary>
    public static TheoryData<string, int> Pages =>
        new()
        {
            { "docs/user-guide.md", 4 },
            { "docs/mixed-models.md", 3 },
            { "docs/permutation.md", 5 },
            { "docs/generalized.md", 2 },
            { "docs/report.md", 1 },
            { "docs/python.md", 4 },
        };

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_examples_of_a_page_run_and_print_what_it_shows(string page, int atLeast)
    {
        Python.Run("make_guide_study.py", _folder.Path).ShouldSucceed();
        Python.Run("make_connectivity.py", _folder.Combine("connectivity"), "400", "10").ShouldSucceed();
        var examples = DocumentedExample.In(page);
        examples.Count.ShouldBeGreaterThanOrEqualTo(atLeast);
        foreach (var example in examples)
            Try(example);
    }

    private void Try(DocumentedExample example)
    {
        var path = $"{HpcFitProgram.Folder}:/usr/bin:{Environment.GetEnvironmentVariable("PATH")}";
        (string Program, string[] Options) interpreter = example.Language switch
        {
            "" => ("bash", ["-e", "-u", "-c"]),
            "python" => (Python.Path, ["-c"]),
            "r" => ("Rscript", ["-e"]),
            _ => throw new InvalidOperationException($"{example.Page}, line {example.Line}: no interpreter of '{example.Language}'"),
        };
        using var running = Running.Start(
            interpreter.Program,
            [.. interpreter.Options, example.Commands],
            new Dictionary<string, string>
            {
                ["PATH"] = path,
                ["PYTHONPATH"] = PythonClientTests.Package,
                ["R_LIBS"] = example.Language == "r" ? RClient.Library : "",
            },
            _folder.Path
        );
        var finished = running.Wait();
        var place = $"{example.Page}, line {example.Line}:\n{example.Commands}\n{finished.Output}{finished.Errors}";
        finished.ExitCode.ShouldBe(0, place);
        var printed = (finished.Output + finished.Errors).Split('\n').Select(line => line.TrimEnd()).ToHashSet();
        foreach (var line in example.Printed.Where(line => line.Trim() != "…"))
            printed.ShouldContain(line.TrimEnd(), place);
    }
}
