using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Planning;

/// <summary>A permutation test of a run: docs/formats/run-json.md.</summary>
/// <param name="Name">What the names of its columns begin with.</param>
/// <param name="Sides">Which sides are tested, as <see cref="SideWords"/>.</param>
/// <param name="Shuffles">The number of shuffles, the identity included.</param>
/// <param name="IsExhaustive">Whether they are all that are possible.</param>
/// <param name="Errors">What is assumed of errors: <c>ee</c>, <c>ise</c> or <c>both</c>.</param>
/// <param name="LeastP">The least possible p.</param>
/// <param name="P05Low">The lower bound of what a p of 0.05 is estimated as.</param>
/// <param name="P05High">The upper bound.</param>
internal sealed record PermutedTest(
    string Name,
    string Sides,
    long Shuffles,
    bool IsExhaustive,
    string Errors,
    double LeastP,
    double P05Low,
    double P05High
)
{
    /// <summary>The tests of a layout; null: it has none.</summary>
    public static IReadOnlyList<PermutedTest>? From(PermutationLayout? tests) =>
        tests is null ? null : [.. tests.Hypotheses.Select(one => From(one, tests))];

    private static PermutedTest From(PermutedHypothesis test, PermutationLayout tests)
    {
        var (list, accuracy) = (tests.Lists[test.List], new ShuffleAccuracy(tests, test));
        return new(
            test.Name,
            SideWords.From(test),
            list.Count,
            list.IsExhaustive,
            list.Errors,
            accuracy.LeastP,
            accuracy.Interval.Low,
            accuracy.Interval.High
        );
    }
}
