using HpcFit.Coordinator.Merging;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Provenance;

/// <summary>What is stored with results about their permutation tests: docs/formats/results.md. Lists have one item per test.</summary>
internal static class PermutationAttributes
{
    /// <summary>The attributes.</summary>
    /// <param name="tests">The tests.</param>
    /// <param name="outside">How many elements of each status are outside the maximum.</param>
    /// <param name="tails">How far the shuffles support the p-values by a fitted tail.</param>
    public static IEnumerable<AttributeContent> Create(
        PermutationLayout tests,
        IReadOnlyDictionary<ElementStatus, long> outside,
        IReadOnlyList<TailLimit> tails
    )
    {
        var lists = tests.Hypotheses.Select(one => tests.Lists[one.List]).ToList();
        var accuracies = tests.Hypotheses.Select(one => new ShuffleAccuracy(tests, one)).ToList();
        yield return AttributeContent.Texts("hpcfit_permuted_tests", [.. tests.Hypotheses.Select(one => one.Name)]);
        yield return AttributeContent.Texts("hpcfit_sides", [.. tests.Hypotheses.Select(SideWords.From)]);
        yield return AttributeContent.Integers("hpcfit_shuffles", [.. lists.Select(list => list.Count)]);
        yield return AttributeContent.Integers("hpcfit_shuffles_exhaustive", [.. lists.Select(list => list.IsExhaustive ? 1L : 0L)]);
        yield return AttributeContent.Texts("hpcfit_shuffled_errors", [.. lists.Select(list => list.Errors)]);
        yield return AttributeContent.Numbers("hpcfit_least_p", [.. accuracies.Select(one => one.LeastP)]);
        yield return AttributeContent.Numbers("hpcfit_p05_low", [.. accuracies.Select(one => one.Interval.Low)]);
        yield return AttributeContent.Numbers("hpcfit_p05_high", [.. accuracies.Select(one => one.Interval.High)]);
        yield return AttributeContent.Text(
            "hpcfit_outside_maximum",
            outside.Count == 0 ? "none" : string.Join(", ", outside.Select(status => $"{status.Key}: {status.Value}"))
        );
        if (tails.Count == 0)
            yield break;
        yield return AttributeContent.Texts("hpcfit_gpd_columns", [.. tails.Select(one => one.Column)]);
        yield return AttributeContent.Numbers("hpcfit_gpd_least_p", [.. tails.Select(one => one.LeastP)]);
        yield return AttributeContent.Integers("hpcfit_gpd_extrapolated", [.. tails.Select(one => one.Extrapolated)]);
    }
}
