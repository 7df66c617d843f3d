using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Running;

/// <summary>Refuses a run without a fitted element: its maps of NaN would look like results.</summary>
internal static class NothingFitted
{
    /// <summary>The refusal to write such a run; null: elements were fitted.</summary>
    /// <param name="statuses">How many elements ended with each status.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="BadInputException">No element was fitted; the message names the statuses and what to look at.</exception>
    public static BadInputException? Find(IReadOnlyDictionary<ElementStatus, long> statuses, RunDocument run)
    {
        if (statuses.Keys.Any(IsFit))
            return null;
        var counts = statuses.Where(pair => pair.Key != ElementStatus.NotInRun).OrderByDescending(pair => pair.Value).ToList();
        if (counts.Count == 0)
            return null;
        return new BadInputException(
            "No element was fitted, so nothing is written: "
                + $"{string.Join(", ", counts.Select(pair => $"{pair.Value:N0} {pair.Key} (status {(int)pair.Key})"))}. "
                + $"{StatusAdvice.For(counts[0].Key, run.Spec.Model)}"
        );
    }

    private static bool IsFit(ElementStatus status) => status is ElementStatus.Fitted or ElementStatus.RankDeficient;
}
