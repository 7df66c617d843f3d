using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Summaries;

namespace HpcFit.Worker.Commands;

/// <summary>
/// <c>hpcfit-worker element</c>: shows one element's data, a model's fit there, or the result of the user's function. Called by <c>hpcfit
/// element</c>.
/// </summary>
internal static class ElementCommand
{
    private static readonly Option<string> Spec = TextOption.Required(
        "--spec",
        TextOption.File,
        "what would be computed: a run's spec as JSON"
    );
    private static readonly Option<long> Id = ElementIdOption.Create();
    private static readonly Option<double> Timeout = MetadataTimeoutArgument.Create(LibraryWatch.DefaultLimit);

    private static readonly Option<bool> RandomEffects = SwitchOption.Create("--random-effects", "print the random effects as CSV");
    private static readonly Option<bool> Predictions = SwitchOption.Create("--predictions", "print the rows' predictions as CSV");
    private static readonly Option<bool> Json = SwitchOption.Create("--json", "print them as one JSON object");

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command("element", "Show one element's data as CSV, a model's fit there, or a function's result.")
        {
            Spec,
            Id,
            Timeout,
            RandomEffects,
            Predictions,
            Json,
        };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    using var watch = MetadataTimeoutArgument.Watch(line, Timeout, token);
                    var spec = JsonFile.Read(line.GetRequiredValue(Spec), RunJson.Default.RunSpec);
                    if (spec.Model.Formula.Length > 0)
                    {
                        var tables = new RequestedTables(line.GetValue(RandomEffects), line.GetValue(Predictions), line.GetValue(Json));
                        foreach (
                            var text in tables.Any
                                ? PredictionTables.Lines(spec, line.GetValue(Id), tables, Describe, Warn)
                                : ElementSummary.Lines(spec, line.GetValue(Id), Describe, Warn)
                        )
                            Console.WriteLine(text);
                        return ExitCode.Success;
                    }
                    using var element = OneElement.Open(spec, line.GetValue(Id));
                    // Standard output is a table for other programs.
                    Console.Error.WriteLine(element.Title);
                    foreach (var warning in element.Warnings)
                        Warn(warning);
                    var isTried = spec.Model.Custom is { Function.Length: > 0 };
                    if (isTried)
                        Describe(element.Frame);
                    foreach (var text in isTried ? element.Trial(text => Console.Error.WriteLine(text)) : element.Table())
                        Console.WriteLine(text);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    /// <summary>Standard output is for the result alone.</summary>
    private static void Describe(ModelFrame frame)
    {
        foreach (var text in ModelFrameReport.Lines(frame))
            Console.Error.WriteLine(text);
    }

    private static void Warn(string warning) => Console.Error.WriteLine($"WRN {warning}");
}
