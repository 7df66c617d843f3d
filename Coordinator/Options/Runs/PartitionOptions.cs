using System.CommandLine;
using HpcFit.Coordinator.Planning;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options.Runs;

/// <summary>The division of the work into jobs, and the number of workers and threads. None of these affects the results.</summary>
internal sealed class PartitionOptions
{
    private readonly Option<int> _workers = CountOption.Create("--workers", "number of simultaneous worker processes", 1, max: 4096);
    private readonly Option<long?> _threads = CountOption.Optional(
        "--threads",
        "threads per worker (default: all cores, divided among the workers)",
        max: 1024
    );
    private readonly Option<long?> _jobs = CountOption.Optional(
        "--jobs",
        "divide the work into this many jobs (default: enough to keep the workers busy)"
    );
    private readonly Option<long?> _perJob = CountOption.Optional("--elements-per-job", "or into jobs of at most this many elements");
    private readonly Option<string?> _targetTime = TextOption.Optional(
        "--target-time",
        "TIME",
        "or into jobs that take about this long: 45s, 30m, 2h",
        text => DurationText.Parse("--target-time", text)
    );

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="onCluster">Whether a scheduler determines the number of workers, and the requested processors the number of
    /// threads.</param>
    public void AddTo(Command command, bool onCluster = false)
    {
        foreach (var option in onCluster ? (Option[])[_jobs, _perJob, _targetTime] : [_workers, _threads, _jobs, _perJob, _targetTime])
            command.Options.Add(option);
    }

    /// <summary>The values of the options.</summary>
    /// <exception cref="UsageException">Two options contradict each other.</exception>
    public Partition Read(ParseResult line)
    {
        var given = ((Option[])[_jobs, _perJob, _targetTime])
            .Where(option => line.GetResult(option) is { Implicit: false })
            .Select(option => option.Name)
            .ToList();
        if (given.Count > 1)
            throw new UsageException($"{string.Join(" and ", given)} are alternatives for dividing the work into jobs. Give one of them.");
        var workers = line.GetResult(_workers) is null ? 1 : line.GetValue(_workers);
        return new()
        {
            Workers = workers,
            Threads = (int)(line.GetValue(_threads) ?? Math.Max(1, Environment.ProcessorCount / workers)),
            Jobs = line.GetValue(_jobs),
            ElementsPerJob = line.GetValue(_perJob),
            TargetTime = line.GetValue(_targetTime) is { } text ? DurationText.Parse(_targetTime.Name, text) : null,
        };
    }
}
