using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// The part that <c>submit</c> and <c>resume</c> share for schedulers other than Slurm: check a run against the limits of the description,
/// print its plan, submit it.
/// </summary>
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
)
{
    private const long BytesPerMegabyte = 1L << 20;
    private static readonly TimeSpan DefaultTarget = TimeSpan.FromMinutes(30);

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
        cluster.RefuseFor(description, line);
        if (recorded is not null && requested is { Jobs: null, ElementsPerJob: null, TargetTime: null })
            requested = recorded.Cut();
        if (requested is { Jobs: null, ElementsPerJob: null, TargetTime: null })
            requested = requested with { TargetTime = DefaultTarget };
        requested = requested with { Threads = cluster.TypedThreads(line) ?? recorded?.Job.Threads ?? 1 };
        var cutter = RoundCutter.Create(proposed.Document.Estimates, requested);
        var plan = Plan.Create(proposed, cutter, token);
        var limits = Limits(description);
        var settings = Settings(description, plan, cutter.Partition, limits, recorded);
        plan.Print(Console.Out, cutter.Partition);
        foreach (var unmet in UnmetRequest.Lines(requested, plan.Jobs, cutter))
            Console.Error.WriteLine($"WRN {unmet}");
        Refuse(settings.Job, limits);
        Console.WriteLine($"scheduler  {description.Name}");
        Print("each job  ", settings);
        foreach (var stage in plan.Stages)
        {
            var own = OfStage(settings, stage, RunDirectory.At(proposed.Folder), limits);
            Refuse(own.Job, limits);
            Print($"each job   of stage {stage.Document.Stage!.Name}:", own);
        }
        if (isDryRun)
        {
            foreach (var text in SchedulerPreview.Lines(proposed.Folder, proposed.Document.Digest, new(1), plan.Jobs, settings))
                Console.WriteLine(text);
            return ExitCode.Success;
        }

        var run = proposed.Create();
        foreach (var stage in plan.Stages)
            OfStage(settings, stage, run, limits).Write(stage.Stage);
        if (plan.Coverage is { IsEmpty: false })
            foreach (var member in run.Members())
                InputFiles.RefuseChanged(member, common.Claims(line), token);
        settings.Write(run);
        var driver = new RunDrivers(services, line, common).Scheduler(run, settings);
        return RunDrivers.Print(driver.BeginAsync(proposed.Targets, known: null, retries.OnError(line), clock, token));
    }

    private static void Print(string label, SchedulerSettings settings)
    {
        var words = new SubmitWords(settings);
        Console.WriteLine($"{label} {ShellQuoting.Line(words.Request(settings.Job).Concat(words.Placement()))}");
    }

    private static PartitionLimits Limits(SchedulerDescription description) =>
        new()
        {
            Name = description.Name,
            MaxMemoryBytes = description.Limits.Megabytes * BytesPerMegabyte,
            MaxTime = description.Limits.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            MaxProcessors = description.Limits.Threads,
        };

    /// <summary>Refuses requests beyond the limits of the description.</summary>
    private static void Refuse(JobResources job, PartitionLimits limits)
    {
        var problems = new List<string>();
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

    private SchedulerSettings OfStage(SchedulerSettings ofRun, StagePlan stage, RunDirectory run, PartitionLimits limits) =>
        ofRun with
        {
            Job = ResourceEstimates
                .ForJob(stage.Forecast, ofRun.Job.Threads ?? 1, cluster.Memory(line), cluster.TypedTime(line), limits)
                .ToResources(),
            Advances = run.Root,
            ElementsPerJob = null,
        };

    private SchedulerSettings Settings(
        SchedulerDescription description,
        Plan plan,
        Partition cut,
        PartitionLimits limits,
        SchedulerSettings? recorded
    )
    {
        var policy = retries.Limits(line, long.MaxValue);
        var estimate = ResourceEstimates.ForJob(plan.Forecast, cut.Threads, cluster.Memory(line), cluster.TypedTime(line), limits);
        return new()
        {
            Scheduler = description,
            Job = AtLeast(estimate.ToResources(), recorded?.Job),
            Advance = ResourceEstimates.ForAdvance(plan.Proposed.Document.ElementSet().Count, cut.Threads, limits).ToResources(),
            Partition = cluster.TypedPartition(line) ?? recorded?.Partition,
            Account = cluster.TypedAccount(line) ?? recorded?.Account,
            Qos = cluster.TypedQos(line) ?? recorded?.Qos,
            Modules = cluster.TypedModules(line) ?? recorded?.Modules ?? [],
            SubmitOptions = scheduler.SubmitOptions(line) ?? recorded?.SubmitOptions ?? [],
            ArrayThrottle = cluster.TypedThrottle(line) ?? recorded?.ArrayThrottle,
            WatchEvery = cluster.WatchEvery(line, recorded?.WatchEvery),
            Retries = policy.Retries,
            MaxRounds = policy.MaxRounds,
            Jobs = cut.Jobs,
            ElementsPerJob = cut.ElementsPerJob,
            TargetTime = cut.TargetTime,
            MetadataTimeout = MetadataTimeoutOption.Typed(line) ?? recorded?.MetadataTimeout,
            Coordinator = Environment.ProcessPath!,
            Worker = WorkerProgram.Path,
            Environment = CarriedEnvironment.Collect(Environment.GetEnvironmentVariables(), description.Environment),
        };
    }

    /// <summary>
    /// An estimate, raised to the resources of an earlier submission of the run, which its user may have chosen deliberately.
    /// </summary>
    private JobResources AtLeast(JobResources estimate, JobResources? recorded) =>
        estimate with
        {
            MemoryBytes =
                cluster.Memory(line) is null && recorded?.MemoryBytes > estimate.MemoryBytes ? recorded.MemoryBytes : estimate.MemoryBytes,
            Time = cluster.TypedTime(line) is null && recorded?.Time > estimate.Time ? recorded.Time : estimate.Time,
        };
}
