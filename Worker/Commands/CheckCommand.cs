using System.CommandLine;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Runs;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Commands;

/// <summary>
/// <c>hpcfit-worker check</c>: compares a run's inputs with those that its results were fitted from, and prints the differences as JSON.
/// </summary>
internal static class CheckCommand
{
    private static readonly Option<string> Run = new("--run") { Description = "The run directory.", Required = true };
    private static readonly Option<double> Timeout = MetadataTimeoutArgument.Create(LibraryWatch.DefaultLimit);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "check",
            "Compare a run's inputs with those that its results were fitted from, and print what differs, as JSON."
        )
        {
            Run,
            Timeout,
        };
        command.SetAction(line =>
        {
            using var watch = MetadataTimeoutArgument.Watch(line, Timeout);
            var answer = Answer(line.GetRequiredValue(Run));
            using var output = Console.OpenStandardOutput();
            JsonSerializer.Serialize(output, answer, RunJson.Default.InputCheckAnswer);
            return (int)answer.ExitCode;
        });
        return command;
    }

    private static InputCheckAnswer Answer(string folder)
    {
        try
        {
            return InputCheck.Answer(RunDirectory.Open(folder), ModelEngines.Create, CancellationToken.None);
        }
        catch (HpcFitException failure)
        {
            return new() { Error = failure.Message, ExitCode = failure.ExitCode };
        }
    }
}
