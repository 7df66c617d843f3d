namespace HpcFit.Shared.CommandLine;

/// <summary>
/// Names that users know from randomise (FSL), PALM, MRtrix's statistics commands and nilearn, for commands with permutation tests.
/// </summary>
internal static class ForeignPermutationNames
{
    private const string Contrasts = "Tests are --contrast 'NAME: EXPRESSION', --f-test TERM, or --contrasts-file with an existing file.";
    private const string Tfce = "TFCE is --enhance tfce with --permutations 5000.";
    private const string TfceConstants = "TFCE has the exponents E 0.5 and H 2; --tfce-like chooses the program whose steps are used.";
    private const string CfeConstants = "CFE has MRtrix's constants: dh 0.1, E 2, H 3, C 0.5.";
    private const string Clusters = "Clusters are --enhance cluster with --cluster-z 3.1 and --cluster-stat extent or mass.";
    private const string Sides = "Contrasts are tested two-sided, or for effects of one sign with --alternative greater or less.";
    private const string FamilyWise = "Family-wise corrected p-values are in the columns .p.value.fwe of every run with --permutations.";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["n"] = "--permutations",
        ["nperm"] = "--permutations",
        ["nperms"] = "--permutations",
        ["npermutations"] = "--permutations",
        ["nshuffles"] = "--permutations",
        ["numperm"] = "--permutations",
        ["permutationfile"] = "--permutations-file",
        ["permseed"] = "--perm-seed",
        ["randomstate"] = "--perm-seed",
        ["e"] = "--exchange",
        ["eb"] = "--exchange",
        ["within"] = "--exchange",
        ["whole"] = "--exchange",
        ["exchangewithin"] = "--exchange",
        ["exchangewhole"] = "--exchange",
        ["ee"] = "--errors",
        ["ise"] = "--errors",
        ["signflip"] = "--errors",
        ["onesamplet"] = "A one-sample test is --formula 'FD ~ 1' with --contrast 'mean: Intercept'.",
        ["vg"] = "--variance-groups",
        ["variance"] = "--variance-groups",
        ["accel"] = "--tail",
        ["approx"] = "--tail",
        ["corrcon"] = "--fwe-over",
        ["strong"] = "--fwe-over",
        ["tfce"] = Tfce,
        ["tfce1d"] = Tfce,
        ["tfce2d"] = Tfce,
        ["t2"] = Tfce,
        ["tfcedh"] = TfceConstants,
        ["tfcee"] = TfceConstants,
        ["tfceh"] = TfceConstants,
        ["tfcec"] = "--neighbours",
        ["tfceconnectivity"] = "--neighbours",
        ["connectivity"] = "--neighbours",
        ["neighbors"] = "--neighbours",
        ["cfedh"] = CfeConstants,
        ["cfee"] = CfeConstants,
        ["cfeh"] = CfeConstants,
        ["cfec"] = CfeConstants,
        ["clusterthreshold"] = "--cluster-z",
        ["threshold"] = "--cluster-z",
        ["c"] = Clusters,
        ["s"] = "--surface",
        ["surf"] = "--surface",
        ["t"] = $"{Tfce} {Contrasts}",
        ["f"] = Contrasts,
        ["con"] = Contrasts,
        ["design"] = "The design is --formula with the columns of --phenotypes.",
        ["ftests"] = "--f-test",
        ["x"] = FamilyWise,
        ["fwe"] = FamilyWise,
        ["fwer"] = FamilyWise,
        ["vox"] = FamilyWise,
        ["twotail"] = Sides,
        ["twotailed"] = Sides,
        ["twosided"] = Sides,
        ["twosidedtest"] = Sides,
        ["onetail"] = Sides,
        ["onetailed"] = Sides,
        ["onesided"] = Sides,
        ["nonstationarity"] =
            "Corrections for non-stationarity are not offered: CFE divides by the connectivity, and TFCE is used as it is.",
        ["variancesmoothing"] = "Smoothing of variances is not offered.",
        ["logp"] = "--log10-p",
        ["zstat"] = "z is the result column .z of every contrast.",
        ["savemax"] = "The largest statistic of every permutation is always stored, as null_maxima.",
        ["notest"] = "Leave out --permutations to compute statistics without permutation tests.",
    };

    /// <summary>An option, or a sentence; null: the name is not known, or the command has no permutation tests.</summary>
    /// <param name="plain">The name without differences of spelling.</param>
    /// <param name="options">The options of the command.</param>
    public static string? Find(string plain, IReadOnlyList<string> options) =>
        options.Any(option => ForeignNames.Plain(option) == "permutations") ? Names.GetValueOrDefault(plain) : null;
}
