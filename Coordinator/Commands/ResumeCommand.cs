using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Monitoring;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Coordinator.Starting;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit resume RUN</c>: fits the unfinished elements of a run, with any partition, then merges and writes.</summary>
internal static class ResumeCommand
{
    public static Command Create(WorkerPool workers)
    {
        var (target, partition, retries, slurm, scheduler, common) = (
            new TargetOptions(),
            new PartitionOptions(),
            new RetryOptions(),
            new SlurmOptions(),
            new SchedulerOptions(),
            new RunVerbOptions(workers)
        );
        var launcher = ChoiceOption.Optional(
            "--launcher",
            "where to fit: local, or slurm for jobs of a Slurm cluster (default: where it was submitted, else local)",
            RoundLauncher.Local,
            RoundLauncher.Cluster
        );
        var folder = RunVerbOptions.RunFolder();
        var command = new Command("resume", "Continue a run: fit its unfinished elements, merge and write") { folder, launcher };
        target.AddTo(command, isNew: false);
        partition.AddTo(command);
        retries.AddTo(command);
        scheduler.AddTo(command);
        slurm.AddTo(command);
        common.AddTo(command);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var clock = Stopwatch.StartNew();
                    var run = RunDirectory.OpenWhole(line.GetRequiredValue(folder));
                    run.Document.RefuseEdited(run.DocumentFile);
                    var (cut, targets) = (partition.Read(line), target.Read(line, run));
                    var written = new WrittenTargets(run, targets, MetadataTimeoutOption.Read(line));
                    ResultsOfRun.RestoreInterrupted(targets[0], run.Document.Spec, common.Claims(line), token);
                    if (written.Lines(token) is { Count: > 0 } lines)
                    {
                        foreach (var text in lines)
                            Console.WriteLine(text);
                        return ExitCode.Success;
                    }
                    written.RefuseOthers(token);
                    var proposed = ProposedRun.Existing(run, targets);
                    if (IsOnCluster(line.GetValue(launcher), scheduler.IsTyped(line), run))
                    {
                        var isSlurm = line.GetValue(launcher) == RoundLauncher.Cluster;
                        if (OtherScheduler.Find(run, scheduler, line, isSlurm) is { } other)
                            return new SchedulerSubmission(services, line, scheduler, slurm, retries, common).Submit(
                                other,
                                proposed,
                                cut,
                                isDryRun: false,
                                clock,
                                token
                            );
                        return new ClusterSubmission(services, line, slurm, retries, common).Submit(
                            proposed,
                            cut,
                            isDryRun: false,
                            clock,
                            token
                        );
                    }
                    scheduler.RefuseTyped(line);
                    slurm.RefuseTyped(line);
                    run.WriteTargets(targets);
                    var cutter = RoundCutter.Create(run.Document.Estimates, cut);
                    var driver = new RunDrivers(services, line, common).Local(run, cutter, retries);
                    var plan = Plan.Create(proposed, cutter, token);
                    plan.Print(Console.Out, cut);
                    foreach (var unmet in UnmetRequest.Lines(cut, plan.Jobs, cutter))
                        Console.Error.WriteLine($"WRN {unmet}");
                    return RunDrivers.Print(driver.BeginAsync(targets, plan.Coverage, retries.OnError(line), clock, token));
                }
            )
        );
        return command;
    }

    private static bool IsOnCluster(string? launcher, bool isSchedulerTyped, RunDirectory run) =>
        launcher is null
            ? isSchedulerTyped || File.Exists(run.ClusterFile) || File.Exists(run.SchedulerSettingsFile)
            : launcher == RoundLauncher.Cluster;
}
