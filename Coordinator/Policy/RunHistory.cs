using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Policy;

/// <summary>All that the failure policy looks at.</summary>
/// <param name="Wanted">The run's elements.</param>
/// <param name="Covered">Those with a valid block.</param>
/// <param name="Rounds">The rounds so far, ascending.</param>
internal sealed record RunHistory(ElementSet Wanted, ElementSet Covered, IReadOnlyList<RoundResult> Rounds)
{
    /// <summary>What still has to be fitted.</summary>
    public ElementSet Lacking { get; } = Wanted.Except(Covered);

    /// <summary>The rounds since the last one that a user asked for, that one included: only these count as retries.</summary>
    public IReadOnlyList<RoundResult> Series { get; } =
    [.. Rounds.Skip(Math.Max(0, Rounds.ToList().FindLastIndex(round => !round.Round.IsRetry)))];

    /// <summary>Rounds at the end of the series that gained nothing.</summary>
    public int FruitlessRounds => Series.Reverse().TakeWhile(round => round.Gain <= 0).Count();
}
