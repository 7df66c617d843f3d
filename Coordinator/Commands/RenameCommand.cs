using System.CommandLine;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit rename FILE OLD NEW</c>: gives an analysis another name, completely or not at all.</summary>
internal static class RenameCommand
{
    public static Command Create()
    {
        var analysis = new AnalysisOfFile("OLD");
        var newName = TextOption.Argument("NEW", "the new name");
        var command = new Command("rename", "Give an analysis another name; killed at any moment, it leaves the old file or the new one");
        analysis.AddTo(command);
        command.Arguments.Add(newName);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    var (path, name, wanted) = (analysis.File(line), analysis.Name(line), line.GetRequiredValue(newName));
                    ResultName.Refuse("NEW", wanted);
                    if (wanted == name)
                        throw new UsageException($"OLD and NEW are both '{name}'; another name was expected.");
                    if (analysis.Require(line, token).Any(one => one.Name == wanted))
                        throw new BadInputException(
                            $"'{path}' already contains an analysis '{wanted}'. Choose another name, or remove that one first: "
                                + TypedCommand.Line("delete", path, wanted)
                        );
                    analysis.Write(line, new RenamedContent($"/results/{wanted}", $"/results/{name}"), overwrite: false, token);
                    Console.WriteLine($"renamed    /results/{name} of {path} to /results/{wanted}");
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
