using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// The part that <c>submit</c> and <c>resume --launcher slurm</c> share: check a run against the cluster's limits, print its plan, submit
/// it.
/// </summary>
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
)
{
    private static readonly TimeSpan DefaultTarget = TimeSpan.FromMinutes(30);

    /// <summary>Submits the run.</summary>
    /// <param name="proposed">The run.</param>
    /// <param name="requested">The partition into jobs that the user requested.</param>
    /// <param name="isDryRun">Only print what would be submitted.</param>
    /// <param name="clock">Measures the time since the command began.</param>
    /// <param name="token">Cancels the submission.</param>
    public ExitCode Submit(ProposedRun proposed, Partition requested, bool isDryRun, Stopwatch clock, CancellationToken token)
    {
        var recorded = proposed.Find() is { } known ? SlurmSettings.Read(known) : null;
        var commands = new SlurmCommands(
            new CommandProcesses(SlurmEnvironment.Cleared),
            BackOff.Patient,
            services.GetRequiredService<ILoggerFactory>().CreateLogger<SlurmCommands>()
        );
        var limits = new ClusterReader(commands).Read(slurm.Partition(line, recorded), token);
        if (recorded is not null && requested is { Jobs: null, ElementsPerJob: null, TargetTime: null })
            requested = recorded.Cut();
        var (plan, cutter) = Cut(proposed, requested with { Threads = slurm.Threads(line, recorded) }, limits, token);
        var settings = Settings(plan, cutter.Partition, limits, recorded);
        plan.Print(Console.Out, cutter.Partition);
        foreach (var unmet in UnmetRequest.Lines(requested, plan.Jobs, cutter))
            Console.Error.WriteLine($"WRN {unmet}");
        if (SubmitterEnvironment.Ignored(Environment.GetEnvironmentVariables().Keys.Cast<string>()) is { Count: > 0 } ignored)
            Console.Error.WriteLine(
                $"WRN {string.Join(", ", ignored)} {(ignored.Count == 1 ? "has" : "have")} no effect on the jobs of this run. Use "
                    + "--sbatch-option, or an option of this command, instead."
            );
        var checks = new SubmissionChecks(commands);
        checks.Refuse(settings, limits, token);
        Console.WriteLine($"each job   {string.Join(' ', settings.Job.Options().Concat(settings.Placement()))}");
        foreach (var stage in plan.Stages)
        {
            var own = OfStage(settings, stage, RunDirectory.At(proposed.Folder), limits);
            checks.Refuse(own, limits, token);
            Console.WriteLine($"each job   of stage {stage.Document.Stage!.Name}: {string.Join(' ', own.Job.Options())}");
        }
        if (checks.NodesMayNotSubmit(limits, proposed.Folder, token) is { } note)
            Console.WriteLine($"note       {note}");
        if (isDryRun)
        {
            foreach (var text in SubmissionPreview.Lines(proposed.Folder, proposed.Document.Digest, new(1), plan.Jobs, settings, limits))
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
        var driver = new RunDrivers(services, line, common).Slurm(run, settings);
        return RunDrivers.Print(driver.BeginAsync(proposed.Targets, known: null, retries.OnError(line), clock, token));
    }

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

    /// <summary>The settings of a stage: those of the run, with what its own jobs are expected to need.</summary>
    private SlurmSettings OfStage(SlurmSettings ofRun, StagePlan stage, RunDirectory run, ClusterLimits limits) =>
        ofRun with
        {
            Job = ResourceEstimates.ForJob(stage.Forecast, ofRun.Job.Threads, slurm.Memory(line), slurm.Time(line), limits.Partition),
            Advances = run.Root,
            ElementsPerJob = null,
        };

    private SlurmSettings Settings(Plan plan, Partition cut, ClusterLimits limits, SlurmSettings? recorded)
    {
        var policy = retries.Limits(line, long.MaxValue);
        var estimate = ResourceEstimates.ForJob(plan.Forecast, cut.Threads, slurm.Memory(line), slurm.Time(line), limits.Partition);
        return slurm.Override(
            new()
            {
                Job = slurm.AtLeast(estimate, line, recorded),
                Advance = ResourceEstimates.ForAdvance(plan.Proposed.Document.ElementSet().Count, cut.Threads, limits.Partition),
                Retries = policy.Retries,
                MaxRounds = policy.MaxRounds,
                Jobs = cut.Jobs,
                ElementsPerJob = cut.ElementsPerJob,
                TargetTime = cut.TargetTime,
                MetadataTimeout = MetadataTimeoutOption.Typed(line) ?? recorded?.MetadataTimeout,
                Coordinator = Environment.ProcessPath!,
                Worker = WorkerProgram.Path,
                Environment = CarriedEnvironment.Collect(Environment.GetEnvironmentVariables()),
            },
            line,
            recorded
        );
    }
}
