using System.CommandLine;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace HpcFit.Coordinator.Options.Runs;

/// <summary>The options of every verb that works on a run, and the services that it runs with.</summary>
/// <param name="workers">The worker processes, a service of the verb.</param>
internal sealed class RunVerbOptions(WorkerPool workers)
{
    private readonly Option<string> _logLevel = LogLevelOption.Create(hasLogFile: true);
    private readonly Option<bool> _takeOver = SwitchOption.Create(
        "--take-over",
        "declare that the process that holds this run or file is dead (its node failed)"
    );

    private readonly Option<bool> _acceptChangedInputs = new("--accept-changed-inputs")
    {
        Description = "write results even if data or cohort changed since elements were fitted; recorded with the results",
    };

    /// <summary>The argument of verbs on an existing run.</summary>
    public static Argument<string> RunFolder() =>
        TextOption.Argument("RUN", "the run directory, as printed by 'hpcfit run' or 'hpcfit plan'");

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="holdsClaims">Whether it takes claims that another process may hold.</param>
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
        ProgramHost.Run(logFile: null, services => services.AddSingleton(workers), work, LogLevelOption.Read(line, _logLevel));

    /// <summary>The conditions under which the verb takes claims.</summary>
    public ClaimRequest Claims(ParseResult line) =>
        new(
            $"hpcfit {line.CommandResult.Command.Name}",
            line.GetValue(_takeOver),
            AcceptsChangedInputs: line.GetResult(_acceptChangedInputs) is { } given && given.GetValueOrDefault<bool>()
        );
}
