using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Starting;

/// <summary>The submission of a run to a described scheduler, by <c>submit</c> and <c>resume</c>.</summary>
/// <param name="services">The verb's services.</param>
/// <param name="line">The command line.</param>
/// <param name="scheduler">Which scheduler.</param>
/// <param name="cluster">The resources of jobs.</param>
/// <param name="retries">The handling of failures.</param>
/// <param name="common">The conditions for taking claims.</param>
internal sealed class SchedulerSubmission(
    IServiceProvider services,
    ParseResult line,
    SchedulerOptions scheduler,
    SlurmOptions cluster,
    RetryOptions retries,
    RunVerbOptions common
) : BatchSubmission<SchedulerSettings, QueueLimits>(line, cluster, retries, common)
{
    private const long BytesPerMegabyte = 1L << 20;

    private readonly RunDrivers _drivers = new(services, line, common);

    /// <summary>Submits the run.</summary>
    /// <param name="description">The scheduler.</param>
    /// <param name="proposed">The run.</param>
    /// <param name="requested">The partition into jobs that the user requested.</param>
    /// <param name="isDryRun">Only print what would be submitted.</param>
    /// <param name="clock">Measures the time since the command began.</param>
    /// <param name="token">Cancels the submission.</param>
    public ExitCode Submit(
        SchedulerDescription description,
        ProposedRun proposed,
        Partition requested,
        bool isDryRun,
        Stopwatch clock,
        CancellationToken token
    )
    {
        var recorded = proposed.Find() is { } known ? SchedulerSettings.Read(known) : null;
        Resources.RefuseFor(description, Line);
        requested = Requested(requested, recorded);
        if (requested is { Jobs: null, ElementsPerJob: null, TargetTime: null })
            requested = requested with { TargetTime = DefaultTarget };
        requested = requested with { Threads = Resources.TypedThreads(Line) ?? recorded?.Job.Threads ?? 1 };
        var cutter = RoundCutter.Create(proposed.Document.Estimates, requested);
        var plan = Plan.Create(proposed, cutter, token);
        var limits = Limits(description);
        return Submit(
            plan,
            cutter,
            requested,
            Settings(description, plan, cutter.Partition, limits, recorded),
            limits,
            isDryRun,
            clock,
            token
        );
    }

    /// <summary>Refuses requests beyond the limits of the description.</summary>
    protected override void Refuse(SchedulerSettings settings, QueueLimits limits, CancellationToken token)
    {
        var (job, problems) = (settings.Job, new List<string>());
        if (job.Time > limits.MaxTime)
            problems.Add(
                $"--time is {job.Time.Value.TotalMinutes:N0} minutes, and limits.minutes of {limits.Name} is "
                    + $"{limits.MaxTime.Value.TotalMinutes:N0}: give less, or cut smaller jobs (--target-time)."
            );
        if (job.MemoryBytes > limits.MaxMemoryBytes)
            problems.Add(
                $"A job needs {job.MemoryBytes / BytesPerMegabyte:N0} MB, and limits.megabytes of {limits.Name} is "
                    + $"{limits.MaxMemoryBytes / BytesPerMegabyte:N0}: give fewer --cpus-per-task."
            );
        if (job.Threads > limits.MaxProcessors)
            problems.Add($"--cpus-per-task is {job.Threads}, and limits.threads of {limits.Name} {limits.MaxProcessors}.");
        if (problems.Count > 0)
            throw new BadInputException($"Such jobs could never start:\n  {string.Join("\n  ", problems)}");
    }

    protected override IEnumerable<string> Requests(SchedulerSettings settings) =>
        [$"scheduler  {settings.Scheduler.Name}", $"each job   {StageRequest(settings)}"];

    protected override string StageRequest(SchedulerSettings settings)
    {
        var words = new SubmitWords(settings);
        return ShellQuoting.Line(words.Request(settings.Job).Concat(words.Placement()));
    }

    protected override JobResources Estimate(Forecast forecast, int threads, QueueLimits limits) =>
        ResourceEstimates.ForJob(forecast, threads, Resources.Memory(Line), Resources.TypedTime(Line), limits);

    protected override IEnumerable<string> Preview(Plan plan, SchedulerSettings settings, QueueLimits limits) =>
        SchedulerPreview.Lines(plan.Proposed.Folder, plan.Proposed.Document.Digest, new(1), plan.Jobs, settings);

    protected override void Write(SchedulerSettings settings, RunDirectory run) => settings.Write(run);

    protected override RunDriver Driver(RunDirectory run, SchedulerSettings settings) => _drivers.Scheduler(run, settings);

    private static QueueLimits Limits(SchedulerDescription description) =>
        new()
        {
            Name = description.Name,
            MaxMemoryBytes = description.Limits.Megabytes * BytesPerMegabyte,
            MaxTime = description.Limits.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            MaxProcessors = description.Limits.Threads,
        };

    private SchedulerSettings Settings(
        SchedulerDescription description,
        Plan plan,
        Partition cut,
        QueueLimits limits,
        SchedulerSettings? recorded
    )
    {
        var policy = Retries.Limits(Line, long.MaxValue);
        return new()
        {
            Scheduler = description,
            Job = Resources.AtLeast(Estimate(plan.Forecast, cut.Threads, limits), Line, recorded?.Job),
            Advance = ResourceEstimates.ForAdvance(plan.Proposed.Document.ElementSet().Count, cut.Threads, limits),
            Partition = Resources.TypedPartition(Line) ?? recorded?.Partition,
            Account = Resources.TypedAccount(Line) ?? recorded?.Account,
            Qos = Resources.TypedQos(Line) ?? recorded?.Qos,
            Modules = Resources.TypedModules(Line) ?? recorded?.Modules ?? [],
            SubmitOptions = scheduler.SubmitOptions(Line) ?? recorded?.SubmitOptions ?? [],
            ArrayThrottle = Resources.TypedThrottle(Line) ?? recorded?.ArrayThrottle,
            WatchEvery = Resources.WatchEvery(Line, recorded?.WatchEvery),
            Retries = policy.Retries,
            MaxRounds = policy.MaxRounds,
            Jobs = cut.Jobs,
            ElementsPerJob = cut.ElementsPerJob,
            TargetTime = cut.TargetTime,
            MetadataTimeout = MetadataTimeoutOption.Typed(Line) ?? recorded?.MetadataTimeout,
            Coordinator = Environment.ProcessPath!,
            Worker = WorkerProgram.Path,
            Environment = CarriedEnvironment.Collect(Environment.GetEnvironmentVariables(), description.Environment),
        };
    }
}
