using System.CommandLine;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit plan …</c>: creates the run directory and the jobs of its next round, for users who start workers themselves.
/// </summary>
internal static class PlanCommand
{
    public static Command Create(WorkerPool workers, ModelLines? models = null)
    {
        var (options, retries, common) = (
            new NewRunOptions(models ?? new(), "print the plan and write nothing"),
            new RetryOptions(),
            new RunVerbOptions(workers)
        );
        var command = new Command(
            "plan",
            "Check the model, divide the work into jobs and write the run directory, without starting anything"
        );
        options.AddTo(command);
        retries.AddTo(command);
        common.AddTo(command, writesResults: false);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var (proposed, cut) = options.Propose(line, services, token);
                    var cutter = RoundCutter.Create(proposed.Document.Estimates, cut);
                    var plan = Plan.Create(proposed, cutter, token);
                    plan.Print(Console.Out, cut);
                    foreach (var unmet in UnmetRequest.Lines(cut, plan.Jobs, cutter))
                        Console.Error.WriteLine($"WRN {unmet}");
                    if (options.IsDryRun(line))
                    {
                        foreach (var text in options.Sources())
                            Console.WriteLine(text);
                        return ExitCode.Success;
                    }

                    var run = proposed.Create();
                    RunLog.Open(services, run, "plan");
                    using var claim = common.Claims(line).Take(run.RoundsClaim);
                    foreach (var text in Next(run, plan, retries.OnError(line), cut.Threads, MetadataTimeoutOption.Typed(line)))
                        Console.WriteLine(text);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static IEnumerable<string> Next(RunDirectory run, Plan plan, OnError onError, int threads, TimeSpan? metadataTimeout)
    {
        if (plan.Jobs.Count > 0)
            yield return Fit(run, run.CreateRound(plan.Jobs, onError, members: plan.Members), threads, metadataTimeout);
        // Stages do not depend on each other's blocks, so their jobs may run in any order.
        foreach (var stage in plan.Stages.Where(stage => stage.Jobs.Count > 0))
            yield return Fit(stage.Stage, stage.Stage.CreateRound(stage.Jobs, onError), threads, metadataTimeout);
        yield return $"then       {TypedCommand.Line("merge", run.Root)}     (to fit unfinished elements on this machine first: "
            + $"{TypedCommand.Line("resume", run.Root)})";
    }

    private static string Fit(RunDirectory run, Round round, int threads, TimeSpan? metadataTimeout) =>
        $"fit        {TypedCommand.Worker} fit --run {TypedCommand.Quoted(run.Root)} --round {round.Id.Value} --job "
        + $"K --threads {threads}{(metadataTimeout is { } limit ? $" --metadata-timeout {limit.TotalSeconds}" : "")}     for "
        + $"each K from 0 to {round.Jobs.Count - 1}";
}
