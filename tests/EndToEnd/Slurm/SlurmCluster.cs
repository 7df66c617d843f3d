using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Slurm;

/// <summary>
/// A real Slurm with four nodes on this machine (cluster/README.md), started for one collection of tests and ended with it.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    private const string FolderPrefix = "/tmp/hpcfit-slurm-";
    private const int Ports = 32;

    /// <summary>
    /// The time after which a test gives up. No test depends on speed: a loaded machine takes many times as long as an idle one.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly string _folder = $"{FolderPrefix}{Environment.ProcessId}";
    private readonly Dictionary<string, string> _settings;

    public SlurmCluster()
    {
        RemoveAbandoned();
        // Starting takes seconds, and an unknown time on a loaded machine, on which the tests do not depend.
        _settings = new()
        {
            ["SLURM_TEST_DIR"] = _folder,
            ["SLURM_TEST_PORT"] = FreePorts.First(26000, Ports).ToString(CultureInfo.InvariantCulture),
            ["SLURM_TEST_READY"] = "500",
        };
        Cluster("up", "--fresh").ShouldSucceed();
    }

    /// <summary>The commands that talk to this cluster.</summary>
    internal Dictionary<string, string> Variables => new() { ["SLURM_CONF"] = Path.Combine(_folder, "etc", "slurm.conf") };

    /// <summary>Runs hpcfit as a user on the login node.</summary>
    internal Finished HpcFit(params string[] arguments) => HpcFitWith([], arguments);

    internal Finished HpcFitWith(Dictionary<string, string> environment, params string[] arguments)
    {
        foreach (var (name, value) in Variables)
            environment[name] = value;
        return HpcFitProgram.RunWith(environment, arguments);
    }

    /// <summary>Runs one of Slurm's programs.</summary>
    internal Finished Slurm(string program, params string[] arguments) => SlurmWith([], program, arguments);

    internal Finished SlurmWith(Dictionary<string, string> environment, string program, params string[] arguments)
    {
        foreach (var (name, value) in Variables)
            environment[name] = value;
        using var running = Running.Start(program, arguments, environment);
        return running.Wait();
    }

    /// <summary>
    /// Breaks or repairs nodes: <c>kill n2</c>, <c>hang n3</c>, <c>unhang n3</c>, <c>start n2</c>, <c>stop-controller</c>.
    /// </summary>
    internal void Node(params string[] arguments) => Cluster("node", arguments).ShouldSucceed();

    /// <summary>Lines of squeue: job, task, state, node, job name.</summary>
    internal IReadOnlyList<(string Job, string Task, string State, string Node, string Name)> Queue() =>
        [
            .. Slurm("squeue", "-h", "-a", "-r", "-o", "%F|%K|%T|%N|%j")
                .ShouldSucceed()
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('|'))
                .Select(fields => (fields[0], fields[1], fields[2], fields[3], fields[4])),
        ];

    /// <summary>
    /// Every start of every task in the accounting: <c>25_7</c>, the state (<c>CANCELLED by 0</c>, <c>NODE_FAIL</c>), the node, and
    /// <c>exit code:signal</c>.
    /// </summary>
    internal IReadOnlyList<(string Task, string State, string Node, string Exit)> Accounting() =>
        [
            .. Slurm("sacct", "-n", "-P", "-X", "-D", "-o", "JobID,State,NodeList,ExitCode")
                .ShouldSucceed()
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('|'))
                .Select(fields => (fields[0], fields[1], fields[2], fields[3])),
        ];

    /// <summary>
    /// Waits until the accounting contains a start of a task that ended in a state. Reports use the accounting, which is updated later than
    /// the queue.
    /// </summary>
    internal void WaitUntilTold(string task, string state, Func<string>? story = null) =>
        WaitUntil(
            () => Accounting().Any(start => start.Task == task && start.State.StartsWith(state, StringComparison.Ordinal)),
            $"the accounting reports that {task} was {state}",
            story
        );

    /// <summary>Waits until the controller has given up a node, and the accounting contains its tasks.</summary>
    internal void WaitUntilFailed(string node, Func<string>? story = null) =>
        WaitUntil(
            () => IsDown(node) && Accounting().Any(start => start.State == "NODE_FAIL" && start.Node == node),
            $"the tasks of {node} have failed with it",
            story
        );

    /// <summary>
    /// Lets a frozen node respond again after its tasks have ended: a task that restarts there with the same id while the old one is
    /// running may stay "running" for the controller until its time limit.
    /// </summary>
    internal void Unhang(string node, Func<string>? story = null)
    {
        WaitUntil(
            () => Workers().All(worker => worker.Environment.GetValueOrDefault("SLURMD_NODENAME") != node),
            $"the tasks that {node} had have ended",
            story
        );
        Node("unhang", node);
    }

    private bool IsDown(string node) =>
        Slurm("sinfo", "-h", "-N", "-p", "main", "-n", node, "-o", "%T").Output.StartsWith("down", StringComparison.Ordinal);

    /// <summary>The workers that run as array tasks.</summary>
    internal IReadOnlyList<(string Program, int Pid, IReadOnlyDictionary<string, string> Environment)> Workers() =>
        [.. Processes().Where(one => one.Program == "hpcfit-worker" && one.Environment.ContainsKey("SLURM_ARRAY_TASK_ID"))];

    /// <summary>The processes of HpcFit that run in jobs of this cluster: program, pid as this machine sees it, and environment.</summary>
    internal IReadOnlyList<(string Program, int Pid, IReadOnlyDictionary<string, string> Environment)> Processes() =>
        [
            .. ProcessTree
                .All()
                .Where(one => one.Name.StartsWith("hpcfit", StringComparison.Ordinal))
                .Select(one => (one.Name, one.Pid, Environment: ProcessTree.Environment(one.Pid)))
                .Where(one =>
                    one.Environment.GetValueOrDefault("SLURM_CONF") == Variables["SLURM_CONF"]
                    && one.Environment.ContainsKey("SLURM_JOB_ID")
                ),
        ];

    /// <summary>Waits until a condition holds, checking repeatedly; fails with the queue's content.</summary>
    internal void WaitUntil(Func<bool> holds, string what, Func<string>? story = null)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (!holds())
        {
            if (DateTime.UtcNow > deadline)
                throw new TimeoutException(
                    $"After {Patience}: {what}\n{Slurm("squeue", "-a", "-r").Output}\n{Slurm("sinfo", "-N").Output}\n{story?.Invoke()}"
                );
            // Conditions ask the cluster, which takes processor time from other tests.
            Thread.Sleep(200);
        }
    }

    /// <summary>Leaves an empty queue and no process of a job, whatever a test did.</summary>
    internal void EndAllJobs()
    {
        if (Queue().Select(task => task.Job).Distinct().ToArray() is { Length: > 0 } jobs)
            Slurm("scancel", jobs);
        for (var deadline = DateTime.UtcNow + Patience; (Queue().Count > 0 || Processes().Count > 0) && DateTime.UtcNow < deadline; )
            Thread.Sleep(200);
    }

    public void Dispose()
    {
        Cluster("down", "--purge").ShouldSucceed();
        Directory.Exists(_folder).ShouldBeFalse();
    }

    private Finished Cluster(string script, params string[] arguments) => Cluster(_settings, script, arguments);

    private static Finished Cluster(Dictionary<string, string> settings, string script, params string[] arguments)
    {
        using var running = Running.Start(RepositoryRoot.Combine("tests", "EndToEnd", "Slurm", "cluster", script), arguments, settings);
        return running.Wait();
    }

    /// <summary>A test process that was killed leaves its cluster behind; the next one ends it.</summary>
    private static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories("/tmp", Path.GetFileName(FolderPrefix) + "*"))
        {
            if (int.TryParse(folder[FolderPrefix.Length..], out var pid) && !Directory.Exists($"/proc/{pid}"))
                Cluster(new() { ["SLURM_TEST_DIR"] = folder }, "down", "--purge").ShouldSucceed();
        }
    }
}

/// <summary>Tests on the cluster run one after the other: they look at its whole queue.</summary>
[CollectionDefinition(Name)]
public sealed class OnCluster : ICollectionFixture<SlurmCluster>
{
    public const string Name = "on a real Slurm cluster";
}
