using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Records;

/// <summary>Reads from a run's own files what the failure policy looks at.</summary>
internal static class RunHistoryReader
{
    /// <summary>The history of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="covered">The elements with a valid block.</param>
    /// <param name="last">How the last round stands, where the caller has observed it.</param>
    public static RunHistory Read(RunDirectory run, ElementSet covered, RoundOutcome? last = null) =>
        new(run.Document.ElementSet(), covered, [.. run.Rounds().Select(id => Judged(run, id, covered, last))]);

    /// <summary>
    /// A round that nobody judged (its command died, or it was only planned), or whose outcome cannot be read, is taken for one that was
    /// never started: what it gave is covered.
    /// </summary>
    private static RoundResult Judged(RunDirectory run, RoundId id, ElementSet covered, RoundOutcome? last)
    {
        var round = run.ReadRound(id);
        if (last?.Round == id)
            return new(round, last);
        return new(
            round,
            JsonFile.TryRead(run.OutcomeFile(id), AdvancingJson.Default.RoundOutcome) ?? RoundOutcome.Judge(round, covered, [])
        );
    }
}
