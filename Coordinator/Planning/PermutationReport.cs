using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Planning;

/// <summary>The lines of a plan, of a status, and of the end of a run, about its permutation tests.</summary>
internal static class PermutationReport
{
    /// <summary>
    /// One line per list of shuffles: how many, of what, for which tests, and what their p-values can be, test by test where that differs;
    /// and which contrasts are tested on one side.
    /// </summary>
    public static IEnumerable<string> Lines(PermutationLayout tests)
    {
        foreach (var (index, list) in tests.Lists.Index())
        {
            var ofList = tests.Hypotheses.Where(one => one.List == index).ToList();
            var byLeast = ofList.GroupBy(one => new ShuffleAccuracy(tests, one).LeastP).ToList();
            yield return $"shuffles   {Shuffles(list)} for {Names(ofList)}; least p "
                + string.Join(" and ", byLeast.Select(some => Number(some.Key) + (byLeast.Count > 1 ? $" of {Names(some)}" : "")))
                + Error(list, new(tests, ofList[0]));
            foreach (var some in byLeast.Where(some => some.Key > ShuffleAccuracy.Level))
                yield return $"warning    no p-value of {Names(some)} can be below {Number(ShuffleAccuracy.Level)}: {Reason(list)}";
        }
        foreach (var side in tests.Hypotheses.Where(one => one.Alternative is not null).GroupBy(one => one.Side))
            yield return $"one-sided  {string.Join(", ", side.Select(one => one.Name))}: p-values by permutation are of effects "
                + $"{(side.Key == TestedSide.Upper ? "above" : "below")} 0; .p.value stays two-sided";
    }

    private static string Names(IEnumerable<PermutedHypothesis> tests) => string.Join(", ", tests.Select(one => one.Name));

    /// <summary>Why a least p is above the level, and what to do.</summary>
    private static string Reason(ShuffleSummary list) =>
        list.IsExhaustive ? "too few shuffles of these subjects give different statistics"
        : list.Count >= 1 / ShuffleAccuracy.Level ? "too many of the shuffles leave the statistic as it is, whatever the data are"
        : double.IsNaN(list.LogPossible) ? "give a --permutations-file with more shuffles"
        : "ask for more shuffles, such as --permutations 5000";

    private static string Shuffles(ShuffleSummary list)
    {
        var kind = list.Errors switch
        {
            PermutationSpec.Symmetric => "sign flip",
            PermutationSpec.Both => "signed permutation",
            _ => "permutation",
        };
        var count = CountText.Format(list.Count, kind);
        return list.IsExhaustive ? $"all {count}"
            : double.IsNaN(list.LogPossible) ? $"{count} of the file"
            : $"{count} of {Possible(list.LogPossible)} possible ones";
    }

    private static string Possible(double log) =>
        log < Math.Log(1e15)
            ? Math.Round(Math.Exp(log)).ToString("N0", CultureInfo.InvariantCulture)
            : $"about 10^{Math.Floor(log / Math.Log(10)).ToString("F0", CultureInfo.InvariantCulture)}";

    private static string Error(ShuffleSummary list, ShuffleAccuracy accuracy) =>
        list.IsExhaustive
            ? ", exact"
            : $", a p of {Number(ShuffleAccuracy.Level)} is estimated as {Number(accuracy.Interval.Low)} to "
                + Number(accuracy.Interval.High);

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
