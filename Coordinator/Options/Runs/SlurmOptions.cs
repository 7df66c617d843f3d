using System.CommandLine;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Options.Runs;

/// <summary>The resources that jobs request from a Slurm cluster, and their placement.</summary>
internal sealed class SlurmOptions
{
    private readonly Option<string?> _mem = TextOption.Optional(
        "--mem",
        "SIZE",
        "memory per job: 4G, 4000M (default: the probe's measurement plus a margin)",
        text => MemoryOf(text)
    );
    private readonly Option<string?> _time = TextOption.Optional(
        "--time",
        "TIME",
        "time limit per job: 45m, 2h, 1d, or in sbatch's format: 30 (minutes), 2:00:00, 1-12 (default: predicted, plus a margin)",
        text => TimeOf(text)
    );
    private readonly Option<int> _cpus = CountOption.Create("--cpus-per-task", "processors per job, one for each thread", 1);
    private readonly Option<string?> _partition = TextOption.Optional(
        "--partition",
        TextOption.Name,
        "the partition or queue, or several separated by commas (default: the cluster's)"
    );
    private readonly Option<string?> _account = TextOption.Optional(
        "--account",
        TextOption.Name,
        "the account or project to charge (default: the cluster's)"
    );
    private readonly Option<string?> _qos = TextOption.Optional(
        "--qos",
        TextOption.Name,
        "the quality of service (default: the cluster's)"
    );
    private readonly Option<string[]> _modules = TextOption.Repeated(
        "--module",
        TextOption.Name,
        "an environment module that jobs load, such as R/4.3; may be repeated"
    );
    private readonly Option<string[]> _sbatch = TextOption.Repeated(
        "--sbatch-option",
        "OPTION",
        "an additional option of sbatch, such as --sbatch-option=--constraint=rome; may be repeated"
    );
    private readonly Option<long?> _throttle = CountOption.Optional(
        "--array-throttle",
        "maximum number of simultaneous tasks (default: as many as the cluster starts)"
    );
    private readonly Option<string?> _template = TextOption.Optional(
        "--sbatch-template",
        TextOption.File,
        "a copy of deploy/slurm/job.sbatch with the site's additions, such as 'module load'"
    );
    private readonly Option<string> _watch = TextOption.Checked(
        new Option<string>("--watch-every")
        {
            Description = "how often a short job checks the progress of the run (default: 30m)",
            HelpName = "TIME",
            DefaultValueFactory = _ => "30m",
        },
        text => DurationText.Parse("--watch-every", text)
    );

    /// <summary>The number of threads per worker.</summary>
    public int Threads(ParseResult line, SlurmSettings? recorded) =>
        IsTyped(_cpus, line) ? line.GetValue(_cpus) : recorded?.Job.Threads ?? line.GetValue(_cpus);

    /// <summary>The partition; null: the cluster's default.</summary>
    public string? Partition(ParseResult line, SlurmSettings? recorded) =>
        line.GetValue(_partition) ?? (recorded is null ? SubmitterEnvironment.Own.Partition : recorded.Partition);

    /// <summary>Memory in bytes; null: not given.</summary>
    /// <exception cref="UsageException">The value is not a size.</exception>
    public long? Memory(ParseResult line) => line.GetValue(_mem) is { } text ? MemoryOf(text) : null;

    /// <summary>The time limit; null: not given.</summary>
    /// <exception cref="UsageException">The value is not a time limit.</exception>
    public TimeSpan? Time(ParseResult line) => (line.GetValue(_time) ?? SubmitterEnvironment.Own.Time) is { } text ? TimeOf(text) : null;

    /// <summary><c>--cpus-per-task</c>; null: not given.</summary>
    public int? TypedThreads(ParseResult line) => IsTyped(_cpus, line) ? line.GetValue(_cpus) : null;

    /// <summary><c>--time</c>, without what sbatch's variables set; null: not given.</summary>
    public TimeSpan? TypedTime(ParseResult line) => line.GetValue(_time) is { } text ? TimeOf(text) : null;

    /// <summary><c>--partition</c>; null: not given.</summary>
    public string? TypedPartition(ParseResult line) => line.GetValue(_partition);

    /// <summary><c>--account</c>; null: not given.</summary>
    public string? TypedAccount(ParseResult line) => line.GetValue(_account);

    /// <summary><c>--qos</c>; null: not given.</summary>
    public string? TypedQos(ParseResult line) => line.GetValue(_qos);

    /// <summary><c>--module</c>; null: not given.</summary>
    public IReadOnlyList<string>? TypedModules(ParseResult line) => IsTyped(_modules, line) ? line.GetValue(_modules) : null;

    /// <summary><c>--array-throttle</c>; null: not given.</summary>
    public int? TypedThrottle(ParseResult line) => line.GetValue(_throttle) is { } maxTasks ? (int)Math.Min(maxTasks, int.MaxValue) : null;

    /// <summary><c>--watch-every</c>, or what an earlier submission recorded.</summary>
    public TimeSpan WatchEvery(ParseResult line, TimeSpan? recorded) =>
        recorded is { } known && !IsTyped(_watch, line) ? known : DurationText.Parse(_watch.Name, line.GetValue(_watch)!);

    /// <summary>Refuses the options that a described scheduler does not have.</summary>
    /// <exception cref="UsageException">One was given.</exception>
    public void RefuseFor(SchedulerDescription scheduler, ParseResult line)
    {
        var submit = scheduler.Submit;
        (Option Option, bool IsKnown, string Advice)[] options =
        [
            (_sbatch, false, "Use --submit-option."),
            (_template, false, "Jobs load modules with --module."),
            (_partition, submit.Partition is not null, "Its description has no submit.partition."),
            (_account, submit.Account is not null, "Its description has no submit.account."),
            (_qos, submit.Qos is not null, "Its description has no submit.qos."),
            (_throttle, (submit.Throttle ?? submit.ThrottledArray) is not null, "Its description has no submit.throttle."),
            (_watch, submit.At is not null, "Its description has no submit.at."),
        ];
        foreach (var (option, isKnown, advice) in options)
        {
            if (!isKnown && IsTyped(option, line))
                throw new UsageException($"{option.Name} does not apply to the scheduler '{scheduler.Name}'. {advice}");
        }
    }

    private static long MemoryOf(string text) =>
        MemorySize.Parse(text) ?? throw new UsageException($"--mem is '{text}'; a size was expected, such as 4G or 4000M.");

    private static TimeSpan TimeOf(string text) =>
        (SlurmTime.Parse(text) ?? DurationText.TryParse(text)) is { TotalSeconds: > 0 } time
            ? time
            : throw new UsageException(
                $"--time is '{text}'; a time limit was expected: with a unit, such as 45m, 2h or 1.5d, or in sbatch's format, such as "
                    + "30 (minutes), 2:00:00 or 1-12."
            );

    /// <summary>
    /// An estimate, raised to the resources of an earlier submission of the run, which its user may have chosen deliberately. Options given
    /// now are used unchanged.
    /// </summary>
    public JobResources AtLeast(JobResources estimate, ParseResult line, JobResources? recorded) =>
        estimate with
        {
            MemoryBytes =
                !IsTyped(_mem, line) && recorded?.MemoryBytes > estimate.MemoryBytes ? recorded.MemoryBytes : estimate.MemoryBytes,
            Time = !IsTyped(_time, line) && recorded?.Time > estimate.Time ? recorded.Time : estimate.Time,
        };

    /// <summary>Adds all options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>Adds the values of the other options to settings that contain the resources of jobs.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="line">The command line.</param>
    /// <param name="recorded">The settings of the run's earlier submission, which apply where no option is given; null: none.</param>
    /// <exception cref="UsageException">An option of sbatch is given for which this program has its own option, or that this program
    /// must set.</exception>
    public SlurmSettings Override(SlurmSettings settings, ParseResult line, SlurmSettings? recorded) =>
        settings with
        {
            Partition = Partition(line, recorded),
            Account = line.GetValue(_account) ?? (recorded is null ? SubmitterEnvironment.Own.Account : recorded.Account),
            Qos = line.GetValue(_qos) ?? (recorded is null ? SubmitterEnvironment.Own.Qos : recorded.Qos),
            Modules = IsTyped(_modules, line) || recorded is null ? line.GetValue(_modules) ?? [] : recorded.Modules,
            SbatchOptions =
                IsTyped(_sbatch, line) || recorded is null
                    ? [.. SubmitterEnvironment.Own.Options(), .. SbatchOptionWord.Checked(line.GetValue(_sbatch) ?? [])]
                    : recorded.SbatchOptions,
            ArrayThrottle = line.GetValue(_throttle) is { } maxTasks ? (int)Math.Min(maxTasks, int.MaxValue) : recorded?.ArrayThrottle,
            Template = line.GetValue(_template) is { } file ? Path.GetFullPath(file) : recorded?.Template,
            WatchEvery =
                IsTyped(_watch, line) || recorded is null ? DurationText.Parse(_watch.Name, line.GetValue(_watch)!) : recorded.WatchEvery,
        };

    /// <summary>Refuses these options for a run that does not use a cluster.</summary>
    /// <exception cref="UsageException">An option was given; the message names the first.</exception>
    public void RefuseTyped(ParseResult line)
    {
        if (All.FirstOrDefault(option => IsTyped(option, line)) is { } typed)
            throw new UsageException($"{typed.Name} applies to jobs on a cluster. Add --launcher slurm or --scheduler, or omit it.");
    }

    private IReadOnlyList<Option> All => [_mem, _time, _cpus, _partition, _account, _qos, _modules, _sbatch, _throttle, _template, _watch];

    private static bool IsTyped(Option option, ParseResult line) => line.GetResult(option) is { Implicit: false };
}
