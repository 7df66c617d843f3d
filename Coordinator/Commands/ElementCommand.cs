using System.CommandLine;
using System.Globalization;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit element …</c>: prints one element's data frame as CSV, a model's fit as R prints it, or the result of a function.
/// </summary>
internal static class ElementCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var id = ElementIdOption.Create();
        var predictions = new PredictionOptions();
        var command = new Command(
            "element",
            "Show one element's data as CSV; with --model, its fit; with --function, the function's result and its predicted cost for "
                + "all elements"
        )
        {
            id,
        };
        model.AddToElement(command);
        predictions.AddTo(command);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                    WorkerVerb.Run(
                        predictions.Checked(model.ToElementSpec(line), line),
                        [
                            "element",
                            "--id",
                            $"{line.GetValue(id)}",
                            "--metadata-timeout",
                            MetadataTimeoutOption.Read(line).TotalSeconds.ToString(CultureInfo.InvariantCulture),
                            .. predictions.Arguments(line),
                        ],
                        token
                    )
            )
        );
        return command;
    }
}
