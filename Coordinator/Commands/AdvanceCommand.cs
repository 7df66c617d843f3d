using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Starting;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit advance RUN</c>: performs the next step of a submitted run. The job after each round's arrays runs it; users may run it at any
/// time, any number of times.
/// </summary>
internal static class AdvanceCommand
{
    public static Command Create(WorkerPool workers)
    {
        var common = new RunVerbOptions(workers);
        var folder = RunVerbOptions.RunFolder();
        var command = new Command(
            "advance",
            "Advance a submitted run by one step: merge and write, submit unfinished elements, or ensure that its jobs continue"
        )
        {
            folder,
        };
        common.AddTo(command);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var clock = Stopwatch.StartNew();
                    var run = RunDirectory.OpenWhole(line.GetRequiredValue(folder));
                    var driver =
                        new RunDrivers(services, line, common).Submitted(run, MetadataTimeoutOption.Typed(line))
                        ?? throw new BadInputException(
                            $"'{run.Root}' was never submitted to a cluster. Continue it on this machine: "
                                + $"{TypedCommand.Line("resume", run.Root)}"
                        );
                    return RunDrivers.Print(driver.AdvanceAsync(clock, token));
                }
            )
        );
        return command;
    }
}
