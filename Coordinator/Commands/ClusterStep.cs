using HpcFit.Coordinator.Launching.Slurm;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Status;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// The part that <c>submit</c>, <c>advance</c> and <c>resume --launcher slurm</c> share: one step of a run on a cluster, and its output.
/// </summary>
internal static partial class ClusterStep
{
    private const string SlurmJob = "SLURM_JOB_ID";
    private const int MaxAttempts = 20;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(15);

    /// <summary>Performs the step and prints the run's state.</summary>
    /// <param name="services">The verb's services.</param>
    /// <param name="run">The run.</param>
    /// <param name="settings">How the run uses the cluster.</param>
    /// <param name="claims">The conditions for taking claims; the scheduler's information on jobs is added.</param>
    /// <param name="verb">The verb, for the log's name.</param>
    /// <param name="step">The step.</param>
    /// <param name="token">Cancels the step.</param>
    public static ExitCode Take(
        IServiceProvider services,
        RunDirectory run,
        SlurmSettings settings,
        ClaimRequest claims,
        string verb,
        Func<SlurmRun, ClaimRequest, Task<RunStage>> step,
        CancellationToken token
    )
    {
        var ownJob = Environment.GetEnvironmentVariable(SlurmJob);
        RunLog.Open(services, run, ownJob is null ? verb : $"{verb}-{ownJob}");
        var log = new NotedWarnings(services.GetRequiredService<ILoggerFactory>().CreateLogger<SlurmRun>(), run);
        var commands = new SlurmCommands(new CommandProcesses(), BackOff.Patient, log);
        var cutter = RoundCutter.Create(run.Document.Estimates, settings.Cut());
        var cluster = new SlurmRun(run, settings, new SlurmLauncher(run, settings, commands, log), cutter, log);
        var stage = TakeOrRetry(
            step,
            cluster,
            claims with
            {
                Jobs = new JobLiveness(commands, ownJob),
            },
            isJob: ownJob is not null,
            log,
            token
        );
        foreach (var line in Lines(stage, run))
            Console.WriteLine(line);
        return ExitCode.Success;
    }

    /// <summary>
    /// Retries in a job while another command holds the run. No other job would retry later, and the other command may have checked the
    /// tasks just before the last one ended.
    /// </summary>
    private static RunStage TakeOrRetry(
        Func<SlurmRun, ClaimRequest, Task<RunStage>> step,
        SlurmRun cluster,
        ClaimRequest claims,
        bool isJob,
        ILogger log,
        CancellationToken token
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return step(cluster, claims).GetAwaiter().GetResult();
            }
            catch (BusyException busy) when (isJob && attempt < MaxAttempts)
            {
                LogBusy(log, busy.Message);
                if (token.WaitHandle.WaitOne(BetweenAttempts))
                    token.ThrowIfCancellationRequested();
            }
            catch (HpcFitException failure) when (isJob && failure.IsRetryable)
            {
                // This job ends now. If the holder of the run fails too, only a watch job can continue the run.
                cluster.EnsureWatch(token);
                throw;
            }
        }
    }

    private static IEnumerable<string> Lines(RunStage stage, RunDirectory run)
    {
        switch (stage)
        {
            case RunStage.Started or RunStage.Waiting:
                yield return $"in queue   the run advances by itself; check it with: {TypedCommand.Line("status", run.Root)}";
                break;
            default:
                var target = run.ReadTarget()!;
                yield return $"{(stage == RunStage.Written ? "written " : "already written")}   /results/{target.Analysis} in "
                    + $"{target.OutputFile ?? run.Document.Spec.Data[0].Path}";
                if (File.Exists(run.ReportFile))
                    yield return File.ReadAllText(run.ReportFile).TrimEnd();
                break;
        }
    }

    [LoggerMessage(EventId = 42, Level = LogLevel.Information, Message = "{Holder} This job will retry.")]
    private static partial void LogBusy(ILogger log, string holder);
}
