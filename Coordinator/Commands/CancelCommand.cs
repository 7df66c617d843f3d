using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Launching.Slurm;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit cancel RUN</c>: ends the run's jobs, local or on a cluster. Finished elements are kept.</summary>
internal static class CancelCommand
{
    public static Command Create(WorkerPool workers)
    {
        var common = new RunVerbOptions(workers);
        var folder = RunVerbOptions.RunFolder();
        var command = new Command(
            "cancel",
            "End a run's jobs on the cluster, or the command that fits it on this machine; finished elements are kept"
        )
        {
            folder,
        };
        common.AddTo(command, writesResults: false);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var run = RunDirectory.OpenWhole(line.GetRequiredValue(folder));
                    RunLog.Open(services, run, "cancel");
                    var log = services.GetRequiredService<ILoggerFactory>().CreateLogger<SlurmLauncher>();
                    var ended = new List<string>();
                    foreach (var stage in run.Stages())
                    {
                        if (SlurmLauncher.TryCreate(stage, BackOff.Patient, log) is { } cluster)
                            ended.AddRange(cluster.CancelAll(token).Select(id => $"array {id}"));
                        if (SchedulerLauncher.TryCreate(stage, BackOff.Patient, log) is { } scheduler)
                            ended.AddRange(scheduler.CancelAll(token).Select(job => $"{(job.IsArray ? "array" : "job")} {job.Id}"));
                    }
                    if (StopLocal(run) is { } local)
                        ended.Add(local);
                    Console.WriteLine(
                        ended.Count == 0 ? "cancelled  nothing: the run has no known jobs" : $"cancelled  {string.Join(", ", ended)}"
                    );
                    Console.WriteLine($"kept       all finished elements; continue with: {TypedCommand.Line("resume", run.Root)}");
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    /// <summary>Asks the command that fits the run on this machine to stop, as Ctrl-C does.</summary>
    private static string? StopLocal(RunDirectory run)
    {
        if (Claim.ReadHolder(run.RoundsClaim) is not { } holder || holder.IsDead())
            return null;
        if (holder.Host != Environment.MachineName || holder.SlurmJob is not null)
            throw new BusyException($"{holder} holds the run's rounds. Stop it there, or wait for it to end.");
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-TERM", $"{holder.Pid}"]))!;
        kill.WaitForExit();
        return $"'{holder.What}' (process {holder.Pid})";
    }
}
