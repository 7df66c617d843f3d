using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Policy;

/// <summary>The input of the failure policy.</summary>
/// <param name="Wanted">The run's elements.</param>
/// <param name="Covered">Those with a valid block.</param>
/// <param name="Rounds">The rounds so far, ascending.</param>
internal sealed record RunHistory(ElementSet Wanted, ElementSet Covered, IReadOnlyList<RoundResult> Rounds)
{
    /// <summary>Elements that have no result yet.</summary>
    public ElementSet Missing { get; } = Wanted.Except(Covered);

    /// <summary>The rounds since the last one that a user requested, inclusive: only these count as retries.</summary>
    public IReadOnlyList<RoundResult> Series { get; } =
    [.. Rounds.Skip(Math.Max(0, Rounds.ToList().FindLastIndex(round => !round.Round.IsRetry)))];

    /// <summary>Number of consecutive rounds at the end of the series that gained nothing.</summary>
    public int FruitlessRounds => Series.Reverse().TakeWhile(round => round.Gain <= 0).Count();
}
