using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Coordinator.Starting;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit run …</c>: performs a whole run, from the check of the model to the written results, with local worker processes.
/// </summary>
internal static class RunCommand
{
    /// <summary>Creates the verb.</summary>
    public static Command Create(WorkerPool workers, ModelLines? models = null)
    {
        var (options, retries, common) = (
            new NewRunOptions(models ?? new(), "print the plan and stop"),
            new RetryOptions(),
            new RunVerbOptions(workers)
        );
        var command = new Command("run", "Fit a model at every element and write the results");
        options.AddTo(command);
        retries.AddTo(command);
        common.AddTo(command);
        var json = JsonOption.Create();
        command.Options.Add(json);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var clock = Stopwatch.StartNew();
                    var asJson = line.GetValue(json);
                    var (proposed, cut) = options.Propose(line, services, token);
                    if (proposed.IsWritten)
                    {
                        if (asJson)
                            JsonOption.Print(RunResult.AlreadyWritten(proposed), RunResultJson.Default.RunResult);
                        else
                            foreach (var text in proposed.WrittenLines())
                                Console.WriteLine(text);
                        ReportAfterRun.Write(proposed.Files(), asJson ? Console.Error : Console.Out);
                        return ExitCode.Success;
                    }
                    var cutter = RoundCutter.Create(proposed.Document.Estimates, cut);
                    var plan = Plan.Create(proposed, cutter, token);
                    plan.Print(asJson ? Console.Error : Console.Out, cut);
                    foreach (var unmet in UnmetRequest.Lines(cut, plan.Jobs, cutter))
                        Console.Error.WriteLine($"WRN {unmet}");
                    if (options.IsDryRun(line))
                    {
                        foreach (var text in options.Sources())
                            (asJson ? Console.Error : Console.Out).WriteLine(text);
                        if (asJson)
                            JsonOption.Print(RunResult.Planned(plan), RunResultJson.Default.RunResult);
                        return ExitCode.Success;
                    }

                    var run = proposed.Create();
                    var driver = new RunDrivers(services, line, common).Local(run, cutter, retries);
                    var step = driver.BeginAsync(proposed.Targets, plan.Coverage, retries.OnError(line), clock, token);
                    if (!asJson)
                        return RunDrivers.Print(step);
                    var ended = step.GetAwaiter().GetResult();
                    if (ended is RunSummary summary)
                        ReportAfterRun.Write(summary.Written, Console.Error);
                    JsonOption.Print(RunResult.From(proposed, ended), RunResultJson.Default.RunResult);
                    return ended.ExitCode;
                }
            )
        );
        return command;
    }
}
