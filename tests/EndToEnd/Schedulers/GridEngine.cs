using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Schedulers;

/// <summary>
/// A real Grid Engine with one node of four slots on this machine (sge/README.md), started for one collection of tests and ended with it.
/// </summary>
public sealed class GridEngine : IDisposable
{
    private const string FolderPrefix = "/tmp/hpcfit-sge-";

    /// <summary>The time after which a test gives up. No test depends on speed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _folder = $"{FolderPrefix}{Environment.ProcessId}";
    private readonly Dictionary<string, string> _settings;

    public GridEngine()
    {
        RemoveAbandoned();
        var port = FreePorts.First(29500, 2);
        _settings = new() { ["SGE_TEST_DIR"] = _folder, ["SGE_TEST_PORT"] = port.ToString(CultureInfo.InvariantCulture) };
        Script(_settings, "up").ShouldSucceed();
        Variables = new()
        {
            ["SGE_ROOT"] = Path.Combine(_folder, "sge"),
            ["SGE_CELL"] = "default",
            ["SGE_QMASTER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["SGE_EXECD_PORT"] = (port + 1).ToString(CultureInfo.InvariantCulture),
            ["PATH"] = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}",
        };
    }

    /// <summary>The environment in which commands use this cluster.</summary>
    internal Dictionary<string, string> Variables { get; }

    /// <summary>Runs hpcfit as a user on the login node.</summary>
    internal Finished HpcFit(params string[] arguments) => HpcFitWith([], arguments);

    internal Finished HpcFitWith(Dictionary<string, string> environment, params string[] arguments) =>
        HpcFitProgram.RunWith(With(environment), arguments);

    /// <summary>Runs one of Grid Engine's programs.</summary>
    internal Finished Run(string program, params string[] arguments)
    {
        using var running = Running.Start(Path.Combine(_folder, "bin", program), arguments, Variables);
        return running.Wait();
    }

    /// <summary>The jobs in the queue, as qstat prints them.</summary>
    internal string Queue() => Run("qstat").ShouldSucceed().Output;

    /// <summary>The workers that run as tasks of arrays: process id and index.</summary>
    internal IReadOnlyList<(int Pid, int Task)> Workers() =>
        [
            .. ProcessTree
                .All()
                .Where(one => one.Name == "hpcfit-worker")
                .Select(one => (one.Pid, Environment: ProcessTree.Environment(one.Pid)))
                .Where(one => one.Environment.GetValueOrDefault("SGE_ROOT") == Variables["SGE_ROOT"])
                .Where(one => int.TryParse(one.Environment.GetValueOrDefault("SGE_TASK_ID"), out _))
                .Select(one => (one.Pid, int.Parse(one.Environment["SGE_TASK_ID"], CultureInfo.InvariantCulture))),
        ];

    /// <summary>Waits until a condition holds, checking repeatedly; fails with the queue's content.</summary>
    internal void WaitUntil(Func<bool> holds, string what, Func<string>? story = null)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (!holds())
        {
            if (DateTime.UtcNow > deadline)
                throw new TimeoutException($"After {Patience}: {what}\n{Queue()}\n{story?.Invoke()}");
            Thread.Sleep(200);
        }
    }

    /// <summary>Waits until the queue is empty.</summary>
    internal void WaitUntilEmpty(Func<string>? story = null) => WaitUntil(() => Queue().Length == 0, "the queue is empty", story);

    /// <summary>Leaves an empty queue, whatever a test did.</summary>
    internal void EndAllJobs()
    {
        if (Queue().Length > 0)
            Run("qdel", "-u", Environment.UserName);
        WaitUntilEmpty();
    }

    public void Dispose()
    {
        Script(_settings, "down").ShouldSucceed();
        Directory.Exists(_folder).ShouldBeFalse();
    }

    private Dictionary<string, string> With(Dictionary<string, string> environment)
    {
        var all = new Dictionary<string, string>(Variables);
        foreach (var (name, value) in environment)
            all[name] = value;
        return all;
    }

    private static Finished Script(Dictionary<string, string> settings, string script)
    {
        using var running = Running.Start(RepositoryRoot.Combine("tests", "EndToEnd", "Schedulers", "sge", script), [], settings);
        return running.Wait();
    }

    /// <summary>A test process that was killed leaves its cluster behind; the next one ends it.</summary>
    private static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories("/tmp", Path.GetFileName(FolderPrefix) + "*"))
        {
            if (int.TryParse(folder[FolderPrefix.Length..], out var pid) && !Directory.Exists($"/proc/{pid}"))
                Script(new() { ["SGE_TEST_DIR"] = folder }, "down").ShouldSucceed();
        }
    }
}

/// <summary>Tests on Grid Engine run one after the other: they look at its whole queue.</summary>
[CollectionDefinition(Name)]
public sealed class OnGridEngine : ICollectionFixture<GridEngine>
{
    public const string Name = "on a real Grid Engine";
}
