using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>
/// Runs hpcfit with a libhdf5 that crashes, or does not return, when a process of a write opens a chosen file
/// (tests/EndToEnd/c/failing_open.c).
/// </summary>
internal sealed class FailingOpen : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FailingOpen() => PreloadedLibrary.Compile("failing_open.c", Library);

    private string Library => _folder.Combine("failing_open.so");

    private string Log => _folder.Combine("log");

    /// <summary>Runs hpcfit; fails the test unless the file was opened in that way.</summary>
    /// <param name="path">Pattern of the file's path.</param>
    /// <param name="mode">"read" or "write".</param>
    /// <param name="at">Which of a process's calls, counted from 1.</param>
    /// <param name="hangs">Whether the call does not return; otherwise it crashes.</param>
    /// <param name="arguments">The arguments of hpcfit.</param>
    public Finished Run(string path, string mode, int at, bool hangs, params string[] arguments)
    {
        File.Delete(Log);
        var environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library,
            ["FAILING_OPEN_PATH"] = path,
            ["FAILING_OPEN_VERB"] = "write-child",
            ["FAILING_OPEN_MODE"] = mode,
            ["FAILING_OPEN_AT"] = $"{at}",
            ["FAILING_OPEN_LOG"] = Log,
        };
        if (hangs)
            environment["FAILING_OPEN_HANG"] = "1";
        var end = HpcFitProgram.RunWith(environment, arguments);
        File.Exists(Log).ShouldBeTrue($"'{path}' was not opened to {mode}\n{end.Output}\n{end.Errors}");
        return end;
    }

    public void Dispose() => _folder.Dispose();
}
