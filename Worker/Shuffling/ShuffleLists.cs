using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Shuffling;

/// <summary>The shuffles of a model's permutation tests: drawn, enumerated, or from a file.</summary>
internal static class ShuffleLists
{
    /// <summary>The shuffles of the rows in a fit.</summary>
    /// <param name="spec">What is requested.</param>
    /// <param name="cohort">The cohort.</param>
    /// <param name="rows">The cohort's rows in the fit, ascending.</param>
    /// <param name="errors"><see cref="PermutationSpec.Exchangeable"/>, <see cref="PermutationSpec.Symmetric"/> or
    /// <see cref="PermutationSpec.Both"/>.</param>
    /// <exception cref="BadInputException">The exchangeability or a file cannot be used, or nothing can be shuffled; the message names
    /// what is wrong.</exception>
    public static IShuffleList Create(PermutationSpec spec, CohortTable cohort, ReadOnlySpan<int> rows, string errors)
    {
        if (spec.Within is not null || spec.Whole is not null || Files(spec).Any())
            throw new BadInputException("Exchangeability blocks and files of shuffles cannot be used yet.");
        var tree = ExchangeNode.OfRows("", isExchanging: true, Enumerable.Range(0, rows.Length));
        return Of(tree, spec, errors);
    }

    /// <summary>The cohort's columns that determine the shuffles.</summary>
    public static IEnumerable<string> Columns(PermutationSpec spec) => ((string?[])[spec.Within, spec.Whole]).OfType<string>().Distinct();

    /// <summary>The files that determine the shuffles.</summary>
    public static IEnumerable<string> Files(PermutationSpec spec) => ((string?[])[spec.Blocks, spec.File]).OfType<string>();

    private static IShuffleList Of(ExchangeNode tree, PermutationSpec spec, string errors)
    {
        var plan = ExchangePlan.Of(tree, errors != PermutationSpec.Symmetric, errors != PermutationSpec.Exchangeable);
        if (plan.CountPossible(EnumeratedShuffles.Limit) is { } possible)
            return new EnumeratedShuffles(plan, possible, spec.Seed, spec.Count);
        return new DrawnShuffles(plan, spec.Seed, Math.Min(spec.Count, plan.CountPossible(spec.Count) ?? spec.Count));
    }
}
