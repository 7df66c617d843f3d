using System.CommandLine;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>What jobs ask a Slurm cluster for, and where they go.</summary>
internal sealed class SlurmOptions
{
    private readonly Option<string?> _mem = TextOption.Optional(
        "--mem",
        "SIZE",
        "memory of a job, as sbatch takes it: 4G, 4000M (default: what the probe measured, with a margin)",
        text => MemoryOf(text)
    );
    private readonly Option<string?> _time = TextOption.Optional(
        "--time",
        "TIME",
        "wall time of a job: 45m, 2h, 1d, or as sbatch takes it: 30 (minutes), 2:00:00, 1-12 (default: predicted, with a margin)",
        text => TimeOf(text)
    );
    private readonly Option<int> _cpus = CountOption.Create("--cpus-per-task", "processors of a job, each fits on a thread", 1);
    private readonly Option<string?> _partition = TextOption.Optional(
        "--partition",
        TextOption.Name,
        "the partition, or several with commas (default: the cluster's)"
    );
    private readonly Option<string?> _account = TextOption.Optional(
        "--account",
        TextOption.Name,
        "the account that is charged (default: the cluster's)"
    );
    private readonly Option<string?> _qos = TextOption.Optional(
        "--qos",
        TextOption.Name,
        "the quality of service (default: the cluster's)"
    );
    private readonly Option<string[]> _sbatch = TextOption.Repeated(
        "--sbatch-option",
        "OPTION",
        "one more option of sbatch, such as --sbatch-option=--constraint=rome; may be repeated"
    );
    private readonly Option<long?> _throttle = CountOption.Optional(
        "--array-throttle",
        "tasks at work at a time (default: as many as the cluster starts)"
    );
    private readonly Option<string?> _template = TextOption.Optional(
        "--sbatch-template",
        TextOption.File,
        "a site's copy of deploy/slurm/job.sbatch, with its 'module load' and the like"
    );
    private readonly Option<string> _watch = TextOption.Checked(
        new Option<string>("--watch-every")
        {
            Description = "how often a short job looks whether the run still goes on (default: 30m)",
            HelpName = "TIME",
            DefaultValueFactory = _ => "30m",
        },
        text => DurationText.Parse("--watch-every", text)
    );

    /// <summary>Threads of a worker.</summary>
    public int Threads(ParseResult line, SlurmSettings? recorded) =>
        IsTyped(_cpus, line) ? line.GetValue(_cpus) : recorded?.Job.Threads ?? line.GetValue(_cpus);

    /// <summary>The partition; null: the cluster's default.</summary>
    public string? Partition(ParseResult line, SlurmSettings? recorded) =>
        line.GetValue(_partition) ?? (recorded is null ? SubmitterEnvironment.Own.Partition : recorded.Partition);

    /// <summary>Memory in bytes; null: not said.</summary>
    /// <exception cref="UsageException">It is no size.</exception>
    public long? Memory(ParseResult line) => line.GetValue(_mem) is { } text ? MemoryOf(text) : null;

    /// <summary>Wall time; null: not said.</summary>
    /// <exception cref="UsageException">It is no time limit.</exception>
    public TimeSpan? Time(ParseResult line) => (line.GetValue(_time) ?? SubmitterEnvironment.Own.Time) is { } text ? TimeOf(text) : null;

    private static long MemoryOf(string text) =>
        MemorySize.Parse(text) ?? throw new UsageException($"--mem is '{text}'; a size was expected, such as 4G or 4000M.");

    private static TimeSpan TimeOf(string text) =>
        (SlurmTime.Parse(text) ?? DurationText.TryParse(text)) is { TotalSeconds: > 0 } time
            ? time
            : throw new UsageException(
                $"--time is '{text}'; a time limit was expected: with a unit, such as 45m, 2h or 1.5d, or as sbatch takes it, such as "
                    + "30 (minutes), 2:00:00 or 1-12."
            );

    /// <summary>
    /// An estimate, raised to what an earlier submission of the run asked for, which its user may have had reasons for. What is typed now
    /// counts as it is.
    /// </summary>
    public JobRequest AtLeast(JobRequest estimate, ParseResult line, SlurmSettings? recorded) =>
        recorded is null
            ? estimate
            : estimate with
            {
                MemoryBytes =
                    IsTyped(_mem, line) || estimate.MemoryBytes > recorded.Job.MemoryBytes
                        ? estimate.MemoryBytes
                        : recorded.Job.MemoryBytes ?? estimate.MemoryBytes,
                Time = IsTyped(_time, line) || estimate.Time > recorded.Job.Time ? estimate.Time : recorded.Job.Time ?? estimate.Time,
            };

    /// <summary>Adds all of them to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>The other wishes, over settings with what jobs ask for.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="line">The command line.</param>
    /// <param name="recorded">Those of the run's earlier submission, which count where nothing is typed; null: there was none.</param>
    /// <exception cref="UsageException">An option of sbatch is given that has an option of its own here, or that this program must
    /// set.</exception>
    public SlurmSettings Over(SlurmSettings settings, ParseResult line, SlurmSettings? recorded) =>
        settings with
        {
            Partition = Partition(line, recorded),
            Account = line.GetValue(_account) ?? (recorded is null ? SubmitterEnvironment.Own.Account : recorded.Account),
            Qos = line.GetValue(_qos) ?? (recorded is null ? SubmitterEnvironment.Own.Qos : recorded.Qos),
            SbatchOptions =
                IsTyped(_sbatch, line) || recorded is null
                    ? [.. SubmitterEnvironment.Own.Options(), .. SbatchOptionWord.Checked(line.GetValue(_sbatch) ?? [])]
                    : recorded.SbatchOptions,
            ArrayThrottle = line.GetValue(_throttle) is { } most ? (int)Math.Min(most, int.MaxValue) : recorded?.ArrayThrottle,
            Template = line.GetValue(_template) is { } file ? Path.GetFullPath(file) : recorded?.Template,
            WatchEvery =
                IsTyped(_watch, line) || recorded is null ? DurationText.Parse(_watch.Name, line.GetValue(_watch)!) : recorded.WatchEvery,
        };

    /// <summary>Refuses the options where no cluster is used, by the first that was typed.</summary>
    /// <exception cref="UsageException">One was.</exception>
    public void RefuseTyped(ParseResult line)
    {
        if (All.FirstOrDefault(option => IsTyped(option, line)) is { } typed)
            throw new UsageException($"{typed.Name} is about jobs on a cluster. Give --launcher slurm with it, or leave it out.");
    }

    private IReadOnlyList<Option> All => [_mem, _time, _cpus, _partition, _account, _qos, _sbatch, _throttle, _template, _watch];

    private static bool IsTyped(Option option, ParseResult line) => line.GetResult(option) is { Implicit: false };
}
