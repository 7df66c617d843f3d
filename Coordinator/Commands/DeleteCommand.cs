using System.CommandLine;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit delete FILE ANALYSIS</c>: removes an analysis, completely or not at all.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var analysis = new AnalysisOfFile("ANALYSIS");
        var command = new Command(
            "delete",
            "Remove an analysis from a data file; killed at any moment, it leaves the old file or the new one"
        );
        analysis.AddTo(command);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    var (path, name) = (analysis.File(line), analysis.Name(line));
                    analysis.Require(line, token);
                    var before = new FileInfo(path).Length;
                    analysis.Write(line, new RemovedContent($"/results/{name}"), overwrite: true, token);
                    foreach (var text in Lines(path, name, before))
                        Console.WriteLine(text);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    /// <summary>
    /// libhdf5 gives space at the end of a file back, and forgets the rest when it closes the file: no later write uses it.
    /// </summary>
    private static IEnumerable<string> Lines(string path, string name, long before)
    {
        var after = new FileInfo(path).Length;
        yield return $"deleted    /results/{name} of {path}";
        yield return $"bytes      {after:N0}" + (after < before ? $", {before - after:N0} less than before" : ", as before");
        yield return "space      inside the file it stays unused, also by later writes; a copy without it is made by: "
            + TypedCommand.Line("rechunk", path, "NEW.h5");
    }
}
