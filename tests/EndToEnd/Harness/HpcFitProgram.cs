namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>The programs under test: the build that <c>./test</c> names in HPCFIT_TEST_PROGRAMS, else that of the checkout.</summary>
internal static class HpcFitProgram
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("HPCFIT_TEST_PROGRAMS") is { Length: > 0 } named
            ? named
            : RepositoryRoot.Combine(".build", "app");

    public static string Coordinator { get; } = Path.Combine(Folder, "hpcfit");

    public static string Worker { get; } = Path.Combine(Folder, "hpcfit-worker");

    public static Running Start(params string[] arguments) => Running.Start(Coordinator, arguments);

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
        using var running = Running.Start(Coordinator, arguments, environment);
        return running.Wait();
    }
}
