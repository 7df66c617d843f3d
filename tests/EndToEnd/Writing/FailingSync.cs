using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>Runs the programs with a disk that refuses to make a chosen file durable (tests/EndToEnd/c/failing_sync.c).</summary>
internal sealed class FailingSync : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FailingSync() => PreloadedLibrary.Compile("failing_sync.c", Library);

    private string Library => _folder.Combine("failing_sync.so");

    private string Log => _folder.Combine("log");

    /// <summary>Runs hpcfit; fails the test unless a sync was refused during the run.</summary>
    /// <param name="path">Pattern of the file's path.</param>
    /// <param name="at">Which of a process's syncs of such files is refused, counted from 1; 0: all.</param>
    /// <param name="arguments">The arguments of hpcfit.</param>
    public Finished Run(string path, int at, params string[] arguments) =>
        Run(Path.Combine(HpcFitProgram.Folder, "hpcfit"), path, at, arguments);

    /// <summary>Runs a worker in which every sync of such a file fails.</summary>
    public Finished RunWorker(string path, params string[] arguments) => Run(HpcFitProgram.Worker, path, at: 0, arguments);

    public void Dispose() => _folder.Dispose();

    private Finished Run(string program, string path, int at, string[] arguments)
    {
        File.Delete(Log);
        var environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library,
            ["FAILING_SYNC_PATH"] = path,
            ["FAILING_SYNC_AT"] = $"{at}",
            ["FAILING_SYNC_LOG"] = Log,
        };
        using var running = Running.Start(program, arguments, environment);
        var end = running.Wait();
        File.Exists(Log).ShouldBeTrue($"no sync of '{path}' was made\n{end.Output}\n{end.Errors}");
        return end;
    }
}
