using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Starting;

/// <summary>The submission of a run to Slurm, by <c>submit</c> and <c>resume --launcher slurm</c>.</summary>
/// <param name="services">The verb's services.</param>
/// <param name="line">The command line.</param>
/// <param name="slurm">The resources of jobs.</param>
/// <param name="retries">The handling of failures.</param>
/// <param name="common">The conditions for taking claims.</param>
internal sealed class ClusterSubmission(
    IServiceProvider services,
    ParseResult line,
    SlurmOptions slurm,
    RetryOptions retries,
    RunVerbOptions common
) : BatchSubmission<SlurmSettings, ClusterLimits>(line, slurm, retries, common)
{
    private readonly RunDrivers _drivers = new(services, line, common);
    private readonly SlurmCommands _commands = new(
        new CommandProcesses(SlurmEnvironment.Cleared),
        BackOff.Patient,
        services.GetRequiredService<ILoggerFactory>().CreateLogger<SlurmCommands>()
    );

    private SubmissionChecks Checks => new(_commands);

    /// <summary>Submits the run.</summary>
    /// <param name="proposed">The run.</param>
    /// <param name="requested">The partition into jobs that the user requested.</param>
    /// <param name="isDryRun">Only print what would be submitted.</param>
    /// <param name="clock">Measures the time since the command began.</param>
    /// <param name="token">Cancels the submission.</param>
    public ExitCode Submit(ProposedRun proposed, Partition requested, bool isDryRun, Stopwatch clock, CancellationToken token)
    {
        var recorded = proposed.Find() is { } known ? SlurmSettings.Read(known) : null;
        var limits = new ClusterReader(_commands).Read(Resources.Partition(Line, recorded), token);
        requested = Requested(requested, recorded);
        var (plan, cutter) = Cut(proposed, requested with { Threads = Resources.Threads(Line, recorded) }, limits, token);
        var settings = Settings(plan, cutter.Partition, limits, recorded);
        return Submit(plan, cutter, requested, settings, limits, isDryRun, clock, token);
    }

    protected override IEnumerable<string> Warnings()
    {
        if (SubmitterEnvironment.Ignored(Environment.GetEnvironmentVariables().Keys.Cast<string>()) is { Count: > 0 } ignored)
            yield return $"{string.Join(", ", ignored)} {(ignored.Count == 1 ? "has" : "have")} no effect on the jobs of this run. Use "
                + "--sbatch-option, or an option of this command, instead.";
    }

    protected override void Refuse(SlurmSettings settings, ClusterLimits limits, CancellationToken token) =>
        Checks.Refuse(settings, limits, token);

    protected override IEnumerable<string> Requests(SlurmSettings settings) =>
        [$"each job   {string.Join(' ', SlurmSettings.Request(settings.Job).Concat(settings.Placement()))}"];

    protected override string StageRequest(SlurmSettings settings) => string.Join(' ', SlurmSettings.Request(settings.Job));

    protected override JobResources Estimate(Forecast forecast, int threads, ClusterLimits limits) =>
        ResourceEstimates.ForJob(forecast, threads, Resources.Memory(Line), Resources.Time(Line), limits.Partition);

    protected override IEnumerable<string> Notes(ProposedRun proposed, ClusterLimits limits, CancellationToken token) =>
        Checks.NodesMayNotSubmit(limits, proposed.Folder, token) is { } note ? [note] : [];

    protected override IEnumerable<string> Preview(Plan plan, SlurmSettings settings, ClusterLimits limits) =>
        SubmissionPreview.Lines(plan.Proposed.Folder, plan.Proposed.Document.Digest, new(1), plan.Jobs, settings, limits);

    protected override void Write(SlurmSettings settings, RunDirectory run) => settings.Write(run);

    protected override RunDriver Driver(RunDirectory run, SlurmSettings settings) => _drivers.Slurm(run, settings);

    /// <summary>
    /// Divides the work as requested; by default into jobs of about half an hour, but no more than the cluster accepts at once.
    /// </summary>
    private static (Plan Plan, RoundCutter Cutter) Cut(
        ProposedRun proposed,
        Partition requested,
        ClusterLimits limits,
        CancellationToken token
    )
    {
        var isFree = requested is { Jobs: null, ElementsPerJob: null };
        var cutter = RoundCutter.Create(
            proposed.Document.Estimates,
            isFree ? requested with { TargetTime = requested.TargetTime ?? DefaultTarget } : requested
        );
        var plan = Plan.Create(proposed, cutter, token);
        var maxJobs = Math.Max(1, Math.Min(limits.MaxJobCount / 2, (limits.MaxSubmitJobs ?? int.MaxValue) - 2));
        if (!isFree || plan.Jobs.Count <= maxJobs)
            return (plan, cutter);
        cutter = RoundCutter.Create(proposed.Document.Estimates, requested with { TargetTime = null, Jobs = maxJobs });
        return (Plan.Create(proposed, cutter, token), cutter);
    }

    private SlurmSettings Settings(Plan plan, Partition cut, ClusterLimits limits, SlurmSettings? recorded)
    {
        var policy = Retries.Limits(Line, long.MaxValue);
        return Resources.Override(
            new()
            {
                Job = Resources.AtLeast(Estimate(plan.Forecast, cut.Threads, limits), Line, recorded?.Job),
                Advance = ResourceEstimates.ForAdvance(plan.Proposed.Document.ElementSet().Count, cut.Threads, limits.Partition),
                Retries = policy.Retries,
                MaxRounds = policy.MaxRounds,
                Jobs = cut.Jobs,
                ElementsPerJob = cut.ElementsPerJob,
                TargetTime = cut.TargetTime,
                MetadataTimeout = MetadataTimeoutOption.Typed(Line) ?? recorded?.MetadataTimeout,
                Coordinator = Environment.ProcessPath!,
                Worker = WorkerProgram.Path,
                Environment = CarriedEnvironment.Collect(Environment.GetEnvironmentVariables()),
            },
            Line,
            recorded
        );
    }
}
