using System.CommandLine;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary>What every verb that works on a run has.</summary>
internal sealed class RunVerbOptions
{
    private static readonly Dictionary<string, LogLevel> Levels = new()
    {
        ["debug"] = Microsoft.Extensions.Logging.LogLevel.Debug,
        ["info"] = Microsoft.Extensions.Logging.LogLevel.Information,
        ["warning"] = Microsoft.Extensions.Logging.LogLevel.Warning,
        ["error"] = Microsoft.Extensions.Logging.LogLevel.Error,
    };

    private readonly Option<string> _logLevel = ChoiceOption.Create(
        "--log-level",
        "the least that is told on standard error: debug, info, warning or error; the log file gets all (default: info)",
        "info",
        [.. Levels.Keys]
    );
    private readonly Option<bool> _takeOver = SwitchOption.Create(
        "--take-over",
        "your word that whoever holds this run or file is gone (its node died)"
    );

    private readonly Option<bool> _acceptChangedInputs = new("--accept-changed-inputs")
    {
        Description = "write results although data or cohort have changed since they were fitted; recorded beside the results",
    };

    /// <summary>The argument of verbs on a run that is there.</summary>
    public static Argument<string> RunFolder() =>
        TextOption.Argument("RUN", "the run directory, as 'hpcfit run' or 'hpcfit plan' printed it");

    /// <summary>Adds all of them to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="holdsClaims">Whether it takes claims that somebody else may hold.</param>
    /// <param name="writesResults">Whether it writes results.</param>
    public void AddTo(Command command, bool holdsClaims = true, bool writesResults = true)
    {
        command.Options.Add(_logLevel);
        if (holdsClaims)
            command.Options.Add(_takeOver);
        if (holdsClaims && writesResults)
            command.Options.Add(_acceptChangedInputs);
    }

    /// <summary>Runs the verb with logging, signals and exit codes.</summary>
    public int Run(ParseResult line, Func<IServiceProvider, CancellationToken, ExitCode> work) =>
        ProgramHost.Run(logFile: null, services: null, work, Levels[line.GetValue(_logLevel)!]);

    /// <summary>On which grounds the verb takes claims.</summary>
    public ClaimRequest Claims(ParseResult line) =>
        new(
            $"hpcfit {line.CommandResult.Command.Name}",
            line.GetValue(_takeOver),
            AcceptsChangedInputs: line.GetResult(_acceptChangedInputs) is { } given && given.GetValueOrDefault<bool>()
        );
}
