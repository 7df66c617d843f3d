using System.CommandLine;
using HpcFit.Coordinator.Inspection;
using HpcFit.Coordinator.Options;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit inspect FILE [ANALYSIS]</c>: prints the contents and layout of a data file, or all about one analysis.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "an HDF5 file in the ModelArray layout");
        var analysis = TextOption.Argument(
            "ANALYSIS",
            "one of its analyses: model, subjects, statuses, options, versions (default: the file)"
        );
        analysis.Arity = ArgumentArity.ZeroOrOne;
        var json = JsonOption.Create();
        var command = new Command(
            "inspect",
            "Show a file's scalars, chunks, filters and analyses, with advice on its layout, or one analysis"
        )
        {
            file,
            analysis,
            json,
        };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    var (path, asJson) = (line.GetRequiredValue(file), line.GetValue(json));
                    if (line.GetValue(analysis) is { } name)
                        Print(AnalysisDetails.Read(path, name, token), asJson);
                    else
                        Print(ModelArrayFile.OpenAny(path), asJson);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static void Print(ModelArrayFile file, bool asJson)
    {
        var records = ModelArrayFile.ReadRecords(file.Path);
        if (asJson)
            JsonOption.Print(Inspected.From(file, records), InspectionJson.Default.Inspected);
        else
            Print(FileReport.Lines(file, records));
    }

    private static void Print(AnalysisDetails details, bool asJson)
    {
        if (asJson)
            JsonOption.Print(Inspected.From(details), InspectionJson.Default.Inspected);
        else
            Print(AnalysisReport.Lines(details));
    }

    private static void Print(IEnumerable<string> lines)
    {
        foreach (var text in lines)
            Console.WriteLine(text);
    }
}
