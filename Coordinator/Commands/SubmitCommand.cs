using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Starting;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit submit …</c>: checks, plans and submits a run to a batch scheduler, where it then advances by itself until its results are
/// written.
/// </summary>
internal static class SubmitCommand
{
    public static Command Create(WorkerPool workers, ModelLines? models = null)
    {
        var (options, retries, slurm, scheduler, common) = (
            new NewRunOptions(models ?? new(), "print the plan, the submitting command lines and the scripts without submitting anything"),
            new RetryOptions(),
            new SlurmOptions(),
            new SchedulerOptions(),
            new RunVerbOptions(workers)
        );
        var command = new Command(
            "submit",
            "Submit a run to a cluster (Slurm, Grid Engine, …), where it advances by itself until its results are written"
        );
        options.AddTo(command, onCluster: true);
        scheduler.AddTo(command);
        slurm.AddTo(command);
        retries.AddTo(command);
        common.AddTo(command);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var clock = Stopwatch.StartNew();
                    var (proposed, requested) = options.Propose(line, services, token);
                    if (proposed.IsWritten)
                    {
                        foreach (var text in proposed.WrittenLines())
                            Console.WriteLine(text);
                        return ExitCode.Success;
                    }
                    foreach (var text in options.IsDryRun(line) ? options.Sources() : [])
                        Console.WriteLine(text);
                    if (OtherScheduler.Find(proposed.Find(), scheduler, line) is { } other)
                        return new SchedulerSubmission(services, line, scheduler, slurm, retries, common).Submit(
                            other,
                            proposed,
                            requested,
                            options.IsDryRun(line),
                            clock,
                            token
                        );
                    return new ClusterSubmission(services, line, slurm, retries, common).Submit(
                        proposed,
                        requested,
                        options.IsDryRun(line),
                        clock,
                        token
                    );
                }
            )
        );
        return command;
    }
}
