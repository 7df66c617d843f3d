using System.CommandLine;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Launching.Slurm;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Starting;

/// <summary>Creates the driver of a run with the launcher that a verb chose, and opens the verb's log in the run directory.</summary>
/// <param name="services">The verb's services.</param>
/// <param name="line">The command line.</param>
/// <param name="common">How claims are taken.</param>
internal sealed class RunDrivers(IServiceProvider services, ParseResult line, RunVerbOptions common)
{
    private const string SlurmJob = "SLURM_JOB_ID";

    private readonly ILoggerFactory _loggers = services.GetRequiredService<ILoggerFactory>();

    /// <summary>The driver of a run whose jobs are processes of this machine, which a second Ctrl-C ends at once.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cutter">How its rounds are cut.</param>
    /// <param name="retries">What is done about failures.</param>
    public RunDriver Local(RunDirectory run, RoundCutter cutter, RetryOptions retries)
    {
        RunLog.Open(services, run, Verb);
        var last = run.Stages()[^1];
        return new(run, Stages(run, Driver), common.Claims(line), MetadataTimeoutOption.Read(line), _loggers.CreateLogger<RunDriver>());

        StageDriver Driver(RunDirectory stage)
        {
            var cut = RoundCutter.OfStage(stage.Document, cutter);
            var launcher = new LocalLauncher(
                stage,
                cut.Partition,
                retries.Limits(line, LocalLauncher.MachineMemory),
                _loggers.CreateLogger<LocalLauncher>(),
                services.GetRequiredService<WorkerPool>(),
                stage.Root == last.Root,
                MetadataTimeoutOption.Typed(line),
                services.GetRequiredService<StopSignals>().AtOnce
            );
            return new(stage, launcher, cut, run, _loggers.CreateLogger<RunDriver>());
        }
    }

    /// <summary>The driver of a run whose jobs are array tasks of a cluster.</summary>
    /// <param name="run">The run.</param>
    /// <param name="settings">How it uses the cluster.</param>
    public RunDriver Slurm(RunDirectory run, SlurmSettings settings)
    {
        var ownJob = Environment.GetEnvironmentVariable(SlurmJob);
        RunLog.Open(services, run, ownJob is null ? Verb : $"{Verb}-{ownJob}");
        var log = new NotedWarnings(_loggers.CreateLogger<RunDriver>(), run);
        var commands = new SlurmCommands(new CommandProcesses(SlurmEnvironment.Cleared), BackOff.Patient, log);
        return new(run, Stages(run, Driver), common.Claims(line), settings.MetadataTimeout ?? LibraryWatch.DefaultLimit, log);

        StageDriver Driver(RunDirectory stage)
        {
            // Those of a stage differ in what its jobs request.
            var own = stage.Root == run.Root ? settings : SlurmSettings.Read(stage) ?? settings;
            own = own with { MetadataTimeout = settings.MetadataTimeout };
            var cutter = RoundCutter.OfStage(stage.Document, RoundCutter.Create(run.Document.Estimates, settings.Cut()));
            return new(stage, new SlurmLauncher(stage, own, commands, ownJob, log), cutter, run, log);
        }
    }

    /// <summary>The driver of a run whose jobs are jobs of a described scheduler.</summary>
    /// <param name="run">The run.</param>
    /// <param name="settings">How it uses the scheduler.</param>
    public RunDriver Scheduler(RunDirectory run, SchedulerSettings settings)
    {
        var ownJob = Environment.GetEnvironmentVariable(settings.Scheduler.Job.Id) is { Length: > 0 } job ? job : null;
        RunLog.Open(services, run, ownJob is null ? Verb : $"{Verb}-{string.Concat(ownJob.Split(Path.GetInvalidFileNameChars()))}");
        var log = new NotedWarnings(_loggers.CreateLogger<RunDriver>(), run);
        return new(run, Stages(run, Driver), common.Claims(line), settings.MetadataTimeout ?? LibraryWatch.DefaultLimit, log);

        StageDriver Driver(RunDirectory stage)
        {
            // Those of a stage differ in what its jobs request.
            var own = stage.Root == run.Root ? settings : SchedulerSettings.Read(stage) ?? settings;
            own = own with { MetadataTimeout = settings.MetadataTimeout };
            var cutter = RoundCutter.OfStage(stage.Document, RoundCutter.Create(run.Document.Estimates, settings.Cut()));
            return new(stage, SchedulerLauncher.Create(stage, own, BackOff.Patient, ownJob, log), cutter, run, log);
        }
    }

    /// <summary>The driver of a run that was submitted to a cluster; null: it was not.</summary>
    /// <param name="run">The run.</param>
    /// <param name="metadataTimeout">The limit of a call into the HDF5 library; null: as recorded.</param>
    public RunDriver? Submitted(RunDirectory run, TimeSpan? metadataTimeout)
    {
        if (SlurmSettings.Read(run) is { } slurm)
            return Slurm(run, slurm with { MetadataTimeout = metadataTimeout ?? slurm.MetadataTimeout });
        return SchedulerSettings.Read(run) is { } other
            ? Scheduler(run, other with { MetadataTimeout = metadataTimeout ?? other.MetadataTimeout })
            : null;
    }

    private static IReadOnlyList<StageDriver> Stages(RunDirectory run, Func<RunDirectory, StageDriver> create) =>
        [.. run.Stages().Select(create)];

    /// <summary>Waits for a step and prints where it left the run.</summary>
    public static ExitCode Print(Task<RunStep> step) => Print(step.GetAwaiter().GetResult());

    /// <summary>Prints where a step left the run.</summary>
    public static ExitCode Print(RunStep step)
    {
        foreach (var text in step.Lines())
            Console.WriteLine(text);
        if (step is RunSummary summary)
            ReportAfterRun.Write(summary.Written, Console.Out);
        return step.ExitCode;
    }

    private string Verb => line.CommandResult.Command.Name;
}
