using System.CommandLine;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit advance RUN</c>: takes a submitted run one step further, whatever that is. The job after each round's arrays runs it; it may
/// be typed by hand at any time, as often as one likes.
/// </summary>
internal static class AdvanceCommand
{
    public static Command Create()
    {
        var common = new RunVerbOptions();
        var folder = RunVerbOptions.RunFolder();
        var command = new Command(
            "advance",
            "Take a submitted run one step further: merge and write, submit what is left, or see to it that its jobs go on"
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
                    var run = RunDirectory.Open(line.GetRequiredValue(folder));
                    var settings =
                        SlurmSettings.Read(run)
                        ?? throw new BadInputException(
                            $"'{run.Root}' was never submitted to a cluster. Go on with it here: {TypedCommand.Line("resume", run.Root)}"
                        );
                    settings = settings with { MetadataTimeout = MetadataTimeoutOption.Typed(line) ?? settings.MetadataTimeout };
                    return ClusterStep.Take(
                        services,
                        run,
                        settings,
                        common.Claims(line),
                        "advance",
                        (step, terms) => step.AdvanceAsync(terms, token),
                        token
                    );
                }
            )
        );
        return command;
    }
}
