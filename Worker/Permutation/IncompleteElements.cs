using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// What is said, before a fit, about elements at which subjects are missing and which would therefore be outside the tests.
/// </summary>
internal static class IncompleteElements
{
    /// <summary>The fraction of elements that may be outside the tests without a request.</summary>
    private const double MostIncomplete = 0.05;

    private const int MostNamed = 3;

    /// <summary>Judges a sample of a run's elements.</summary>
    /// <param name="spec">The permutation tests.</param>
    /// <param name="cohort">The cohort.</param>
    /// <param name="sample">What was found.</param>
    /// <returns>A warning; null: none.</returns>
    /// <exception cref="BadInputException">More elements would be outside than may be without a request, or all of them.</exception>
    public static string? Judge(PermutationSpec spec, CohortTable cohort, MissingSample sample)
    {
        if (spec.Missing == PermutationSpec.Pattern || sample.Incomplete == 0)
            return null;
        var needsRequest = spec.Missing is null && sample.Incomplete > MostIncomplete * sample.Examined;
        if (sample.Complete > 0)
            return needsRequest ? throw new BadInputException(OfSome(sample)) : null;
        var message = OfAll(spec, cohort, sample);
        return needsRequest || sample.IsWhole ? throw new BadInputException(message) : message;
    }

    private static string OfSome(MissingSample sample) =>
        $"Subjects are missing at {sample.Incomplete:N0} of {sample.Examined:N0} sampled elements "
        + $"({Share(sample.Incomplete, sample.Examined)}), and these would be outside the permutation tests and their maximum. That is not "
        + "done without asking where more than 5 % are. Add --perm-missing exclude to leave them out, or --perm-missing pattern to test "
        + "each with the subjects that it has; --subset can leave out subjects with few values.";

    private static string OfAll(PermutationSpec spec, CohortTable cohort, MissingSample sample)
    {
        var elements = CountText.Format(sample.Incomplete, sample.IsWhole ? "element" : "sampled element");
        return $"A subject is missing at every one of the {elements} with values, and only elements where none is are tested"
            + (spec.Missing is null ? "" : $" (--perm-missing {spec.Missing})")
            + (sample.IsWhole ? ": nothing is left to test" : ", so that nothing may be left to test")
            + $". Missing most often: {MostMissing(cohort, sample)}. "
            + (
                spec is { Whole: null, Blocks: null }
                    ? "Test each element with the subjects that it has (--perm-missing pattern), or leave such subjects out (--subset)."
                    : "Leave such subjects out (--subset)."
            );
    }

    private static string MostMissing(CohortTable cohort, MissingSample sample) =>
        string.Join(
            ", ",
            sample
                .MissingAt.Index()
                .Where(one => one.Item > 0)
                .OrderByDescending(one => one.Item)
                .Take(MostNamed)
                .Select(one => $"{cohort.SubjectOf(one.Index)} at {Share(one.Item, sample.Incomplete)}")
        );

    private static string Share(long part, long all) => $"{100.0 * part / all:0.#} %";
}
