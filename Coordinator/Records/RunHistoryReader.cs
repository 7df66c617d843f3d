using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Records;

/// <summary>Reads the input of the failure policy from a run's own files.</summary>
internal static class RunHistoryReader
{
    /// <summary>The history of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="covered">The elements with a valid block.</param>
    /// <param name="last">State of the last round, if the caller has observed it.</param>
    public static RunHistory Read(RunDirectory run, ElementSet covered, RoundOutcome? last = null) =>
        new(run.Document.ElementSet(), covered, [.. run.Rounds().Select(id => ResultOf(run, id, covered, last))]);

    /// <summary>
    /// A round without a recorded outcome (its command was killed, or it was only planned), or whose outcome cannot be read, counts as
    /// never started: what it gained is part of the coverage.
    /// </summary>
    private static RoundResult ResultOf(RunDirectory run, RoundId id, ElementSet covered, RoundOutcome? last)
    {
        var round = run.ReadRound(id);
        if (last?.Round == id)
            return new(round, last);
        return new(
            round,
            JsonFile.TryRead(run.OutcomeFile(id), AdvancingJson.Default.RoundOutcome) ?? RoundOutcome.From(round, covered, [])
        );
    }
}
