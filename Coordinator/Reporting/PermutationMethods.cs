using System.Globalization;
using HpcFit.Coordinator.Tables;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Reporting;

/// <summary>How permutation tests were made, in sentences for a paper.</summary>
internal static class PermutationMethods
{
    private static readonly Dictionary<string, (string Sentence, string Reference)> Enhancements = new()
    {
        ["tfce"] = (
            "threshold-free cluster enhancement (Smith and Nichols 2009)",
            "Smith SM, Nichols TE (2009). Threshold-free cluster enhancement: addressing problems of smoothing, threshold dependence and "
                + "localisation in cluster inference. NeuroImage 44, 83-98."
        ),
        ["cfe"] = (
            "connectivity-based fixel enhancement (Raffelt et al. 2015)",
            "Raffelt DA, Smith RE, Ridgway GR, et al. (2015). Connectivity-based fixel enhancement: whole-brain statistical analysis of "
                + "diffusion MRI measures in the presence of crossing fibres. NeuroImage 117, 40-55."
        ),
        ["cluster"] = (
            "the size of clusters (Bullmore et al. 1999)",
            "Bullmore ET, Suckling J, Overmeyer S, et al. (1999). Global, voxel, and cluster tests, by theory and permutation, for a "
                + "difference between two groups of structural MR images of the brain. IEEE Trans. Med. Imaging 18, 32-42."
        ),
    };

    /// <summary>The sentences; none without permutation tests.</summary>
    public static IEnumerable<string> Sentences(AnalysisRecord record)
    {
        if (record.Values("permuted_tests") is not { Count: > 0 } tests)
            yield break;
        yield return $"{string.Join(", ", tests)}: p-values were computed from {Shuffles(record)}{Exchange(record)}, including the "
            + "unpermuted data, by the method of "
            + $"{(record.Value("perm_method") == "dekker" ? "Dekker et al. (2007)" : "Freedman and Lane (1983; Winkler et al. 2014)")}; "
            + $"the least possible p is {Distinct(record, "least_p")}.{Sides(record)}";
        if (record.Value("variance_groups") is { } groups)
            yield return $"Groups of subjects ({groups}) had variances of their own: the statistics are v and G (Winkler et al. 2014), "
                + "compared as z.";
        yield return "Family-wise error over all elements was controlled by the distribution of the largest statistic (Nichols and Holmes "
            + "2002)"
            + (
                Enhancements.TryGetValue(record.Value("enhance") ?? "", out var enhancement)
                    ? $", of single elements and after {enhancement.Sentence}."
                    : "."
            );
        if (record.Value("tail") != "gpd")
            yield break;
        yield return "Family-wise p-values below 0.1 (columns that end with .gpd) were estimated from a generalised Pareto "
            + "distribution of the largest statistics (Knijnenburg et al. 2009; Winkler et al. 2016).";
        foreach (var sentence in Extrapolated(record))
            yield return sentence;
    }

    /// <summary>From which p on a column is extrapolated further than its shuffles support; none where no element is.</summary>
    private static IEnumerable<string> Extrapolated(AnalysisRecord record)
    {
        foreach (var one in ExtrapolatedP.ReadAll(record).Where(one => one.Elements > 0))
            yield return $"{one.Column}: p-values below {one.Limit} (elements: {Number(one.Elements)}) are extrapolated further than the "
                + "shuffles support, because their 95 % interval exceeds a factor of 10 in either direction; they are to be read as "
                + $"p < {one.Limit}.";
    }

    /// <summary>Their references.</summary>
    public static IEnumerable<string> References(AnalysisRecord record)
    {
        if (record.Values("permuted_tests") is not { Count: > 0 })
            yield break;
        if (record.Value("perm_method") == "dekker")
            yield return "Dekker D, Krackhardt D, Snijders TAB (2007). Sensitivity of MRQAP tests to collinearity and autocorrelation "
                + "conditions. Psychometrika 72, 563-581.";
        else
            yield return "Freedman D, Lane D (1983). A nonstochastic interpretation of reported significance levels. J. Bus. Econ. Stat. "
                + "1, 292-298.";
        yield return "Nichols TE, Holmes AP (2002). Nonparametric permutation tests for functional neuroimaging: a primer with examples. "
            + "Hum. Brain Mapp. 15, 1-25.";
        yield return "Winkler AM, Ridgway GR, Webster MA, Smith SM, Nichols TE (2014). Permutation inference for the general linear model. "
            + "NeuroImage 92, 381-397.";
        if (Enhancements.TryGetValue(record.Value("enhance") ?? "", out var enhancement))
            yield return enhancement.Reference;
        if (record.Value("tail") != "gpd")
            yield break;
        yield return "Knijnenburg TA, Wessels LFA, Reinders MJT, Shmulevich I (2009). Fewer permutations, more accurate P-values. "
            + "Bioinformatics 25, i161-i168.";
        yield return "Winkler AM, Ridgway GR, Douaud G, Nichols TE, Smith SM (2016). Faster permutation inference in brain imaging. "
            + "NeuroImage 141, 502-516.";
    }

    private static string Shuffles(AnalysisRecord record)
    {
        var (counts, kinds) = (record.Values("shuffles"), record.Values("shuffled_errors"));
        var exhaustive = record.Values("shuffles_exhaustive");
        return string.Join(
            " and ",
            Enumerable
                .Range(0, Math.Min(counts.Count, Math.Min(kinds.Count, exhaustive.Count)))
                .Select(test =>
                    (exhaustive[test] == "1" ? "all " : "")
                    + $"{Count(counts[test])} "
                    + kinds[test] switch
                    {
                        "ise" => "sign flips",
                        "both" => "signed permutations",
                        _ => "permutations",
                    }
                )
                .Distinct()
        );
    }

    /// <summary>On which side contrasts were tested, with a blank before it; nothing where there are only F tests.</summary>
    private static string Sides(AnalysisRecord record)
    {
        var sides = record.Values("sides");
        return sides.Contains(PermutationSpec.Greater) ? OneSided("above")
            : sides.Contains(PermutationSpec.Less) ? OneSided("below")
            : sides.Count > 0 && sides.All(side => SideWords.Parse(side) != TestedSide.Both) ? ""
            : " Contrasts were tested two-sided.";

        static string OneSided(string where) =>
            $" Contrasts were tested one-sided, for effects {where} 0, by permutation; their parametric p-values are two-sided.";
    }

    private static string Exchange(AnalysisRecord record)
    {
        string[] parts =
        [
            .. record.Value("exchange_within") is { } within ? [$"within {within}"] : Array.Empty<string>(),
            .. record.Value("exchange_whole") is { } whole ? [$"of whole blocks ({whole})"] : Array.Empty<string>(),
            .. record.Value("exchange_blocks") is not null ? ["within exchangeability blocks"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "" : $", {string.Join(" and ", parts)}";
    }

    private static string Distinct(AnalysisRecord record, string name) => string.Join(" or ", record.Values(name).Distinct());

    private static string Count(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var count) ? Number(count) : text;

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
