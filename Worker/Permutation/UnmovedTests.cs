using System.Globalization;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Warns of tests whose p-values by permutation say little, because the shuffles leave in place what is tested, such as differences
/// between sites with exchanges within sites.
/// </summary>
internal static class UnmovedTests
{
    /// <summary>From this share on (<see cref="UnmovedDirections"/>), a statistic counts for less than half of its size.</summary>
    private const double Most = 0.75;

    /// <summary>Nothing moves but rounding.</summary>
    private const double All = 1 - 1e-9;

    private const string ParametricToo = "The parametric .p.value does not depend on shuffles.";

    /// <summary>The warnings about tests that share a list of shuffles, at most one of each kind.</summary>
    /// <param name="spec">The permutation tests.</param>
    /// <param name="tests">The tests' names and the shares of their directions that stay in place, ascending.</param>
    public static IEnumerable<string> Warnings(PermutationSpec spec, IReadOnlyList<(string Name, double[] Shares)> tests)
    {
        var unmoved = tests.Where(one => one.Shares[0] >= All).Select(one => $"'{one.Name}'").ToList();
        if (unmoved.Count > 0)
            yield return $"{Joined(unmoved)} {(unmoved.Count == 1 ? "tests" : "test")} what {Shuffles(spec)} never {Change(spec)}: every "
                + "shuffle has the effect of the data as they are, so that p-values by permutation say nothing about it and are 1. "
                + $"{Advice(spec)} {ParametricToo}";
        var hardly = tests.Where(one => one.Shares[0] < All && one.Shares[^1] >= Most).Select(Described).ToList();
        if (hardly.Count > 0)
            yield return $"Of what {Joined(hardly)} {(hardly.Count == 1 ? "tests" : "test")}, {Shuffles(spec)} {Leave(spec)} the share in "
                + "brackets in place: every shuffle keeps that much of an effect, so that p-values by permutation hardly become small. "
                + $"{Advice(spec)} {ParametricToo}";
    }

    private static string Described((string Name, double[] Shares) test)
    {
        var most = test.Shares.Where(share => share >= Most).ToList();
        var of = most.Count < test.Shares.Length ? $" in {most.Count} of {test.Shares.Length} degrees of freedom" : "";
        return $"'{test.Name}' ({Percent(most[0])} %{of})";
    }

    /// <summary>Rounded down, so that 100 is all of it.</summary>
    private static string Percent(double share) =>
        (share >= All ? 100 : Math.Floor(1000 * share) / 10).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Joined(IReadOnlyList<string> names) => string.Join(", ", names);

    private static string Shuffles(PermutationSpec spec) =>
        spec switch
        {
            { File: { } file } => $"the shuffles of '{file}' (--permutations-file)",
            { Blocks: { } blocks } => $"the exchanges of '{blocks}' (--exchange)",
            { Within: { } within, Whole: { } whole } => $"--exchange within={within} with whole={whole}",
            { Within: { } within } => $"--exchange within={within}",
            { Whole: { } whole } => $"--exchange whole={whole}",
            _ => "exchanging all subjects",
        };

    private static string Change(PermutationSpec spec) => IsPlural(spec) ? "change" : "changes";

    private static string Leave(PermutationSpec spec) => IsPlural(spec) ? "leave" : "leaves";

    private static bool IsPlural(PermutationSpec spec) => spec.File is not null || spec.Blocks is not null;

    private static string Advice(PermutationSpec spec) =>
        spec switch
        {
            { File: not null } => "List shuffles that replace subjects by others that differ in what is tested.",
            { Blocks: not null } => "Describe blocks that are exchanged with others that differ in what is tested.",
            { Within: not null, Whole: not null } => "Omit within= if blocks are exchangeable between its values.",
            { Within: { } within } =>
                $"Omit --exchange if subjects are exchangeable between the values of '{within}', or exchange them as a whole "
                    + $"(whole={within}) if their rows are repeated measurements.",
            { Whole: { } whole } => $"Effects within the values of '{whole}' are tested by --exchange within={whole}.",
            _ => "Keep the intercept in the formula, or flip signs (--errors ise).",
        };
}
