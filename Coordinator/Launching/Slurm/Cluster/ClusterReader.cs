using System.Globalization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>Reads the limits of the cluster.</summary>
/// <param name="commands">The scheduler's programs.</param>
internal sealed class ClusterReader(SlurmCommands commands)
{
    private const long BytesPerMegabyte = 1L << 20;

    /// <summary>The limits for jobs in <paramref name="partition"/> (several with commas; null: the cluster's default).</summary>
    /// <exception cref="BadInputException">There is no such partition.</exception>
    public ClusterLimits Read(string? partition, CancellationToken token)
    {
        var config = Settings(commands.Run("scontrol", ["show", "config"], token));
        var arrays = Number(config.GetValueOrDefault("MaxArraySize")) ?? 1001;
        if (arrays < 1)
            throw new SchedulerException(
                "The cluster accepts no job arrays (MaxArraySize = 0 in 'scontrol show config'), which hpcfit submits. Ask its "
                    + "administrators for them, or run everything in one job: "
                    + "sbatch --cpus-per-task=N --wrap 'hpcfit run … --workers N' with the options of this command."
            );
        return new()
        {
            MaxArraySize = arrays,
            MaxJobCount = Number(config.GetValueOrDefault("MaxJobCount")) ?? 10_000,
            MaxSubmitJobs = MaxSubmitJobs(token),
            Partition = Partition(partition, token),
        };
    }

    /// <summary>The number of this user's jobs in the queue, each task counted.</summary>
    public int InQueue(CancellationToken token) =>
        commands
            .Run(
                "squeue",
                ["-h", "-a", "-r", "-u", Environment.UserName, "-t", "pending,running,suspended,configuring,completing", "-o", "%i"],
                token
            )
            .Split('\n')
            .Count(line => line.Length > 0 && char.IsAsciiDigit(line[0]));

    /// <summary>
    /// The smallest limit among the user's associations and their QOS. Clusters without accounting have none.
    /// </summary>
    private int? MaxSubmitJobs(CancellationToken token)
    {
        var association = commands.TryRun(
            "sacctmgr",
            ["-n", "-P", "show", "assoc", "user=" + Environment.UserName, "format=MaxSubmitJobs,GrpSubmitJobs,QOS"],
            token
        );
        var quality = commands.TryRun("sacctmgr", ["-n", "-P", "show", "qos", "format=Name,MaxSubmitJobsPU,GrpSubmitJobs"], token);
        var (numbers, names) = (new List<int>(), new HashSet<string>());
        foreach (var fields in Lines(association).Where(fields => fields.Length == 3))
        {
            numbers.AddRange(fields.Take(2).Select(Number).OfType<int>());
            names.UnionWith(fields[^1].Split(','));
        }
        foreach (var fields in Lines(quality).Where(fields => fields.Length == 3 && names.Contains(fields[0])))
            numbers.AddRange(fields.Skip(1).Select(Number).OfType<int>());
        return numbers.Count == 0 ? null : numbers.Min();
    }

    private PartitionLimits Partition(string? wanted, CancellationToken token)
    {
        var all = commands
            .Run("scontrol", ["-o", "show", "partition"], token)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Fields)
            .ToList();
        var names =
            wanted?.Split(',', StringSplitOptions.RemoveEmptyEntries)
            ??
            [
                all.Find(one => one.GetValueOrDefault("Default") == "YES")?["PartitionName"]
                    ?? throw new BadInputException("The cluster has no default partition: give --partition."),
            ];
        foreach (var name in names.Where(name => all.TrueForAll(one => one.GetValueOrDefault("PartitionName") != name)))
            throw new BadInputException(
                $"The cluster has no partition '{name}'. "
                    + $"{NearestNames.Hint(name, all.Select(one => one.GetValueOrDefault("PartitionName", "")))}"
            );
        var chosen = all.Where(one => names.Contains(one.GetValueOrDefault("PartitionName"))).ToList();
        var (memory, processors) = LargestNode(names, token);
        var times = chosen.Select(one => SlurmTime.Parse(one.GetValueOrDefault("MaxTime", ""))).ToList();
        var perNode = chosen.Select(one => Number(one.GetValueOrDefault("MaxMemPerNode")) * BytesPerMegabyte).ToList();
        return new()
        {
            Name = string.Join(',', names),
            MaxTime = times.Contains(null) ? null : times.Max(),
            MaxMemoryBytes = perNode.Contains(null) || perNode.Max() > memory ? memory : perNode.Max(),
            MaxProcessors = processors,
            SubmitHosts = chosen.Select(one => one.GetValueOrDefault("AllocNodes", "ALL")).All(hosts => hosts != "ALL")
                ? chosen[0]["AllocNodes"]
                : null,
            Closed = chosen.Select(one => one.GetValueOrDefault("State", "UP")).All(state => state != "UP") ? chosen[0]["State"] : null,
        };
    }

    /// <summary>
    /// The largest memory, in bytes, and the largest number of processors of a node. Nodes that are down count: they come back.
    /// </summary>
    private (long? MemoryBytes, int? Processors) LargestNode(IEnumerable<string> partitions, CancellationToken token)
    {
        var nodes = Lines(commands.Run("sinfo", ["-h", "-N", "-p", string.Join(',', partitions), "-o", "%m|%c"], token))
            .Where(fields => fields.Length == 2)
            .ToList();
        // A node without a declared memory reports 1.
        return (
            nodes.Max(fields => Number(fields[0])) is > 1 and var megabytes ? megabytes * BytesPerMegabyte : null,
            nodes.Max(fields => Number(fields[1]))
        );
    }

    private static IEnumerable<string[]> Lines(string? output) =>
        (output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split('|'));

    /// <summary>Parses <c>MaxArraySize            = 1001</c>, one setting per line.</summary>
    private static Dictionary<string, string> Settings(string output)
    {
        var settings = new Dictionary<string, string>();
        foreach (var line in output.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                settings.TryAdd(line[..equals].Trim(), line[(equals + 1)..].Trim());
        }
        return settings;
    }

    /// <summary>Parses <c>PartitionName=main MaxTime=1-00:00:00 …</c>.</summary>
    private static Dictionary<string, string> Fields(string line) =>
        line.Split(' ')
            .Select(word => word.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Leading digits (<c>4000+</c>, if nodes differ, means at least 4000); null for text.</summary>
    private static int? Number(string? text)
    {
        var digits = text is null ? 0 : text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(digits < 0 ? text : text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }
}
