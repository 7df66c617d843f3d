using System.CommandLine;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Reporting;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit report FILE ANALYSIS…</c>: a page with maps, figures, peaks and methods.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "the HDF5 file that holds the analyses");
        var analyses = new Argument<string[]>("ANALYSIS")
        {
            Description = "their names under /results",
            Arity = ArgumentArity.OneOrMore,
            HelpName = "ANALYSIS",
        };
        var options = new ReportOptions();
        var output = TextOption.Optional("--output", TextOption.File, "the report (default: ANALYSIS.html next to FILE)");
        var overwrite = SwitchOption.Create("--overwrite", "replace an existing report and tables");
        var external = ExternalOption.Create();
        var command = new Command("report", "Write a page with findings, maps, figures, peaks and methods of analyses")
        {
            file,
            analyses,
            output,
        };
        options.AddTo(command);
        command.Options.Add(overwrite);
        command.Options.Add(external);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    var (path, names) = (line.GetRequiredValue(file), line.GetRequiredValue(analyses));
                    var request = options.Read(line, path, names) with
                    {
                        Overwrite = line.GetValue(overwrite),
                        AllowsExternal = line.GetValue(external),
                    };
                    if (line.GetValue(output) is { } target)
                        request = request with { Output = target };
                    if (File.Exists(request.Output) && !request.Overwrite)
                        throw new BadInputException($"'{request.Output}' exists. Choose another --output, or replace it with --overwrite.");
                    Console.WriteLine(ReportOptions.Line(request.Output, Report.Write(request, ProposedRun.Version, token)));
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
