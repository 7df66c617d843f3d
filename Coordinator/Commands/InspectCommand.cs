using System.CommandLine;
using HpcFit.Coordinator.Inspection;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit inspect FILE</c>: prints the contents and layout of a data file.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "an HDF5 file in the ModelArray layout");
        var command = new Command("inspect", "Show a file's scalars, chunks, filters and analyses, with advice on its layout") { file };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    foreach (var text in FileReport.Lines(ModelArrayFile.Open(line.GetRequiredValue(file))))
                        Console.WriteLine(text);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
