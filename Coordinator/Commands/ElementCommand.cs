using System.CommandLine;
using System.Globalization;
using HpcFit.Coordinator.Launching;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit element …</c>: one element's data frame as CSV, a model's fit there as R prints it, or what a function answers there.
/// </summary>
internal static class ElementCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var id = ElementIdOption.Create();
        var command = new Command(
            "element",
            "Show one element's data as CSV; with --model, the fit there; with --function, what the function answers there and what "
                + "it would cost"
        )
        {
            id,
        };
        model.AddToElement(command);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                    WorkerVerb.Run(
                        model.ToElementSpec(line),
                        [
                            "element",
                            "--id",
                            $"{line.GetValue(id)}",
                            "--metadata-timeout",
                            MetadataTimeoutOption.Read(line).TotalSeconds.ToString(CultureInfo.InvariantCulture),
                        ],
                        token
                    )
            )
        );
        return command;
    }
}
