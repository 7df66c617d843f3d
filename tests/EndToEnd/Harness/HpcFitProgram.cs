namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>The programs as users run them: the ReadyToRun build that the launcher made.</summary>
internal static class HpcFitProgram
{
    public static string Folder { get; } = RepositoryRoot.Combine(".build", "app");

    public static string Worker { get; } = Path.Combine(Folder, "hpcfit-worker");

    public static Running Start(params string[] arguments) => Running.Start(Path.Combine(Folder, "hpcfit"), arguments);

    public static Finished Run(params string[] arguments)
    {
        using var running = Start(arguments);
        return running.Wait();
    }

    public static Finished RunWorker(params string[] arguments)
    {
        using var running = Running.Start(Worker, arguments);
        return running.Wait();
    }

    public static Finished RunWith(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var running = Running.Start(Path.Combine(Folder, "hpcfit"), arguments, environment);
        return running.Wait();
    }
}
