using System.CommandLine;
using System.Text.Json;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Worker.Engines;
using HpcFit.Worker.EnhancedStage;
using HpcFit.Worker.Probing;

namespace HpcFit.Worker.Commands;

/// <summary><c>hpcfit-worker probe</c>: checks a model on a few pilot elements and prints a JSON report, before any run exists.</summary>
internal static class ProbeCommand
{
    private static readonly Option<string> Specs = TextOption.Required(
        "--specs",
        TextOption.File,
        "what is to be computed: the specs of runs as a JSON array; several are to be fitted in one pass"
    );
    private static readonly Option<double> Timeout = MetadataTimeoutArgument.Create(LibraryWatch.DefaultLimit);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command("probe", "Check a model on a few elements and print what a run of it needs, as JSON.") { Specs, Timeout };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult line)
    {
        using var watch = MetadataTimeoutArgument.Watch(line, Timeout);
        var answer = Answer(line.GetRequiredValue(Specs));
        using var output = Console.OpenStandardOutput();
        JsonSerializer.Serialize(output, answer, RunJson.Default.ProbeAnswer);
        return (int)answer.ExitCode;
    }

    private static ProbeAnswer Answer(string path)
    {
        try
        {
            var specs = JsonFile.Read(path, RunJson.Default.RunSpecArray);
            return specs is [var only]
                ? ProbeAnswerer.Answer(only, ModelEngines.Create, StageProposals.Create)
                : ProbeAnswerer.Answer(specs, ModelEngines.Create, StageProposals.Create);
        }
        catch (HpcFitException failure)
        {
            return new() { Error = failure.Message, ExitCode = failure.ExitCode };
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return new() { Error = refusal.Message, ExitCode = ExitCode.FileSystem };
        }
    }
}
