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
/// What <c>submit</c>, <c>advance</c> and <c>resume --launcher slurm</c> share: a step of a run on a cluster, and what is said about it.
/// </summary>
internal static partial class ClusterStep
{
    private const string SlurmJob = "SLURM_JOB_ID";
    private const int MaxAttempts = 20;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(15);

    /// <summary>Takes the step and says where the run stands.</summary>
    /// <param name="services">The verb's services.</param>
    /// <param name="run">The run.</param>
    /// <param name="settings">How it uses the cluster.</param>
    /// <param name="terms">On which grounds claims are taken; the scheduler's word is added.</param>
    /// <param name="verb">For the log's name.</param>
    /// <param name="step">The step.</param>
    /// <param name="token">Stops it.</param>
    public static ExitCode Take(
        IServiceProvider services,
        RunDirectory run,
        SlurmSettings settings,
        ClaimRequest terms,
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
        var stage = Taken(
            step,
            cluster,
            terms with
            {
                Jobs = new JobLiveness(commands, ownJob),
            },
            isPatient: ownJob is not null,
            log,
            token
        );
        foreach (var line in Lines(stage, run))
            Console.WriteLine(line);
        return ExitCode.Success;
    }

    /// <summary>
    /// In a job nobody would try again when another command has the run just now; that command may have looked a moment before the last
    /// task ended.
    /// </summary>
    private static RunStage Taken(
        Func<SlurmRun, ClaimRequest, Task<RunStage>> step,
        SlurmRun cluster,
        ClaimRequest terms,
        bool isPatient,
        ILogger log,
        CancellationToken token
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return step(cluster, terms).GetAwaiter().GetResult();
            }
            catch (BusyException busy) when (isPatient && attempt < MaxAttempts)
            {
                SomebodyElse(log, busy.Message);
                if (token.WaitHandle.WaitOne(BetweenAttempts))
                    token.ThrowIfCancellationRequested();
            }
            catch (HpcFitException failure) when (isPatient && failure.IsRetryable)
            {
                // This job ends now; who holds the run may die of it, and then nobody would be left to go on.
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
                yield return $"in queue   the run goes on by itself; look at it with: {TypedCommand.Line("status", run.Root)}";
                break;
            default:
                var target = run.ReadTarget()!;
                yield return $"{(stage == RunStage.Written ? "written " : "had been written")}   /results/{target.Analysis} in "
                    + $"{target.OutputFile ?? run.Document.Spec.Data[0].Path}";
                if (File.Exists(run.ReportFile))
                    yield return File.ReadAllText(run.ReportFile).TrimEnd();
                break;
        }
    }

    [LoggerMessage(EventId = 42, Level = LogLevel.Information, Message = "{Holder} Tried again in a while.")]
    private static partial void SomebodyElse(ILogger log, string holder);
}
