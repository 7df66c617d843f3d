using System.CommandLine;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary>What is done about failures.</summary>
internal sealed class RetryOptions
{
    private readonly Option<int> _retries = CountOption.Create(
        "--retries",
        "how often a job that failed without finishing an element is tried again; 0: nothing is",
        2,
        min: 0
    );
    private readonly Option<int> _maxRounds = CountOption.Create("--max-rounds", "rounds in a row that may gain nothing", 5);
    private readonly Option<string> _onError = ChoiceOption.Create(
        "--on-error",
        "what a corrupt chunk or failing user code does: stop, or skip its elements (default: stop)",
        "stop",
        "stop",
        "skip"
    );

    /// <summary>Adds all of them to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_retries, _maxRounds, _onError])
            command.Options.Add(option);
    }

    /// <summary>How far failures are followed, on a machine with so much memory.</summary>
    public AdvanceLimits Limits(ParseResult line, long mostMemoryBytes) =>
        new()
        {
            Retries = line.GetValue(_retries),
            MaxRounds = line.GetValue(_maxRounds),
            MaxMemoryBytes = mostMemoryBytes,
        };

    /// <summary>What workers do with elements that cannot be read.</summary>
    public OnError OnError(ParseResult line) => Enum.Parse<OnError>(line.GetValue(_onError)!, ignoreCase: true);
}
