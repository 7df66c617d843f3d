using System.CommandLine;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Options.Runs;

/// <summary>The handling of failures.</summary>
internal sealed class RetryOptions
{
    private readonly Option<int> _retries = CountOption.Create(
        "--retries",
        "how often to retry a job that failed without finishing an element; 0: never",
        2,
        min: 0
    );
    private readonly Option<int> _maxRounds = CountOption.Create(
        "--max-rounds",
        "maximum number of consecutive rounds without progress",
        5
    );
    private readonly Option<string> _onError = ChoiceOption.Create(
        "--on-error",
        "what to do about a corrupt chunk or failing user code: stop, or skip its elements (default: stop)",
        "stop",
        "stop",
        "skip"
    );

    /// <summary>Adds all options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_retries, _maxRounds, _onError])
            command.Options.Add(option);
    }

    /// <summary>The limits of the failure policy on a machine with the given memory.</summary>
    public AdvanceLimits Limits(ParseResult line, long maxMemoryBytes) =>
        new()
        {
            Retries = line.GetValue(_retries),
            MaxRounds = line.GetValue(_maxRounds),
            MaxMemoryBytes = maxMemoryBytes,
        };

    /// <summary>What workers do about elements that cannot be read.</summary>
    public OnError OnError(ParseResult line) => Enum.Parse<OnError>(line.GetValue(_onError)!, ignoreCase: true);
}
