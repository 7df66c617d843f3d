using System.CommandLine;
using HpcFit.Coordinator.Diagnosis;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Options;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit doctor [PATH…]</c>: reports what this machine has, with a remedy for what is missing.</summary>
internal static class DoctorCommand
{
    /// <summary>Creates the verb.</summary>
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "a data file or folder whose file system is checked; several may be given (default: the current folder)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        paths.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value) || token.Value.Contains('\0', StringComparison.Ordinal)))
                result.AddError("PATH is empty; a file or folder was expected.");
        });
        var json = JsonOption.Create();
        var command = new Command("doctor", "Report what this machine has: libraries, interpreters, Slurm, file systems, limits")
        {
            paths,
            json,
        };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (services, token) =>
                {
                    var given = line.GetValue(paths) is { Length: > 0 } some ? some : ["."];
                    var log = services.GetRequiredService<ILoggerFactory>().CreateLogger<SlurmCommands>();
                    List<Finding> findings =
                    [
                        .. MachineChecks.All(),
                        .. LibraryChecks.All(),
                        .. new ProgramChecks(new CommandProcesses(SlurmEnvironment.Cleared), log).All(token),
                        .. FolderChecks.Temporary(),
                        .. given.SelectMany(FolderChecks.Check),
                    ];
                    if (line.GetValue(json))
                        JsonOption.Print(new(Version.Number, Environment.MachineName, findings), DiagnosisJson.Default.Diagnosis);
                    else
                        Print(findings);
                    var missing = findings
                        .Where(finding => finding.State == FindingState.Missing)
                        .Select(finding => finding.Topic)
                        .Distinct();
                    return missing.Any()
                        ? throw new BadInputException($"Missing or not usable: {string.Join(", ", missing)}.")
                        : ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static ProgramVersion Version { get; } = ProgramVersion.FromAssembly(typeof(DoctorCommand).Assembly);

    private static void Print(List<Finding> findings)
    {
        Console.WriteLine($"hpcfit {Version} on {Environment.MachineName}");
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.State.ToString().ToLowerInvariant(), -8} {finding.Topic, -12} {finding.Text}");
            if (finding.Remedy is { } remedy)
                Console.WriteLine($"{"", -21} {remedy}");
        }
    }
}
