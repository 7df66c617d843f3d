using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Records;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit run …</c>: performs a whole run, from the check of the model to the written results, with local worker processes.
/// </summary>
internal static class RunCommand
{
    /// <summary>Creates the verb.</summary>
    public static Command Create(WorkerPool workers)
    {
        var (options, retries, common) = (new NewRunOptions("print the plan and stop"), new RetryOptions(), new RunVerbOptions(workers));
        var command = new Command("run", "Fit a model at every element and write the results");
        options.AddTo(command);
        retries.AddTo(command);
        common.AddTo(command);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var clock = Stopwatch.StartNew();
                    var (proposed, output, cut) = options.Propose(line, services, token);
                    if (proposed.IsWritten)
                    {
                        Console.WriteLine(WrittenResults.Line(proposed.Document, output));
                        return ExitCode.Success;
                    }
                    var cutter = RoundCutter.Create(proposed.Document.Estimates, cut);
                    var plan = Plan.Create(proposed, cutter, token);
                    plan.Print(Console.Out, cut);
                    foreach (var unmet in UnmetRequest.Lines(cut, plan.Jobs, cutter))
                        Console.Error.WriteLine($"WRN {unmet}");
                    if (options.IsDryRun(line))
                        return ExitCode.Success;

                    var run = proposed.Create(output);
                    var driver = new RunDrivers(services, line, common).Local(run, cutter, retries);
                    return RunDrivers.Print(driver.BeginAsync(output, plan.Coverage, retries.OnError(line), clock, token));
                }
            )
        );
        return command;
    }
}
