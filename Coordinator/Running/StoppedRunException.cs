using HpcFit.Coordinator.Policy;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>The failure policy stopped the run. What was fitted is kept.</summary>
internal sealed class StoppedRunException : HpcFitException
{
    private const int MaxNamed = 5;
    private readonly ExitCode _exitCode;

    private StoppedRunException(string message, ExitCode exitCode)
        : base(message) => _exitCode = exitCode;

    /// <inheritdoc/>
    public override ExitCode ExitCode => _exitCode;

    /// <summary>The message names the reason, the units without results, how their jobs ended, and the command to try.</summary>
    /// <param name="stop">The decision.</param>
    /// <param name="stage">The stage that cannot be completed.</param>
    /// <param name="run">The run that it belongs to.</param>
    public static StoppedRunException Because(StopRun stop, RunDirectory stage, RunDirectory run)
    {
        var unit = stage.UnitName;
        var missing = stop.Unfinished.Sum(fragment => fragment.Left.Count);
        var named = stop
            .Unfinished.OrderBy(fragment => fragment.Left[0].First)
            .Take(MaxNamed)
            .Select(fragment =>
                $"  {unit}s {fragment.Left}: {fragment.Outcome.Ending.DisplayName()} in round {fragment.Round.Round.Id}, job "
                + $"{fragment.Job.Id}. {Indented(fragment.Outcome.Detail)}"
            );
        var more = stop.Unfinished.Count > MaxNamed ? $"  … and {stop.Unfinished.Count - MaxNamed} more" : null;
        return new(
            string.Join(
                    '\n',
                    (string?[])
                        [
                            $"{Reason(stop.Reason, unit)} {CountText.Format(missing, unit)} {(missing == 1 ? "has" : "have")} no result.",
                            .. named,
                            more,
                            Advice(stop.Reason, stage, run),
                        ]
                )
                .Replace("\n\n", "\n", StringComparison.Ordinal),
            stop.Reason == StopReason.DataError ? ExitCode.DataError : ExitCode.IncompleteRun
        );
    }

    private static string Reason(StopReason reason, string unit) =>
        reason switch
        {
            StopReason.Refused => "The run stopped: a worker refused its input, so trying again cannot help.",
            StopReason.DataError => "The run stopped: stored values cannot be read, or the user's function failed.",
            StopReason.EveryJobDied =>
                $"The run stopped: every job crashed before it finished {(unit[0] == 'e' ? "an" : "a")} {unit}, and further rounds would "
                    + "crash as well.",
            StopReason.RetriesUsedUp => $"The run stopped: the missing {unit}s were tried as often as --retries allows.",
            _ => "The run stopped: too many consecutive rounds gained nothing (--max-rounds).",
        };

    private static string Advice(StopReason reason, RunDirectory stage, RunDirectory run) =>
        reason switch
        {
            StopReason.DataError => "Everything else is kept. Skip these elements (NaN and a status code) with: "
                + $"{TypedCommand.Line("resume", run.Root, "--on-error", "skip")}",
            StopReason.Refused => $"What was fitted is kept. Fix this, then continue with: {TypedCommand.Line("resume", run.Root)}",
            _ => $"What was fitted is kept, the logs are in {stage.Logs}. Try again with: " + $"{TypedCommand.Line("resume", run.Root)}",
        };

    private static string Indented(string detail) => detail.Replace("\n", "\n    ", StringComparison.Ordinal);
}
