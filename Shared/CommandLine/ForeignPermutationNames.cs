namespace HpcFit.Shared.CommandLine;

/// <summary>
/// Names that users know from randomise (FSL), PALM, MRtrix's statistics commands and nilearn, for commands with permutation tests.
/// </summary>
internal static class ForeignPermutationNames
{
    private const string Contrasts = "Tests are --contrast 'NAME: EXPRESSION', --f-test TERM, or --contrasts-file with an existing file.";
    private const string Design = "The design is --formula with the columns of --phenotypes.";
    private const string NullMaxima =
        "The largest statistic of every permutation, and how many exceed that of an element, are always stored, as null_maxima and "
        + "permutation_counts.";
    private const string Smoothing = "Smoothing of variances is not offered.";
    private const string Diagonals = "Their variants for two dimensions connect diagonal voxels: --enhance tfce with --neighbours 26.";
    private const string Images = "Images are read by 'hpcfit convert' (--mask has the mask), and its file is that of --data.";
    private const string Tfce = "TFCE is --enhance tfce with --permutations 5000.";
    private const string TfceConstants = "TFCE has the exponents E 0.5 and H 2; --tfce-like chooses the program whose steps are used.";
    private const string CfeConstants = "CFE has MRtrix's constants: dh 0.1, E 2, H 3, C 0.5.";
    private const string Clusters = "Clusters are --enhance cluster with --cluster-z 3.1 and --cluster-stat extent or mass.";
    private const string Sides = "Contrasts are tested two-sided, or for effects of one sign with --alternative greater or less.";
    private const string FamilyWise = "Family-wise corrected p-values are in the columns .p.value.fwe of every run with --permutations.";

    /// <summary>Names after one dash whose meaning depends on their case, or differs from that of an option of the same letters.</summary>
    private static readonly Dictionary<string, string> AfterOneDash = new(StringComparer.Ordinal)
    {
        ["-1"] = "One sample is tested by --contrast 'mean: Intercept'; signs are then flipped without a request (--errors ise).",
        ["-C"] = Clusters,
        ["-D"] = "The mean is removed by the formula's intercept.",
        ["-F"] = Clusters,
        ["-N"] = NullMaxima,
        ["-P"] = NullMaxima,
        ["-R"] = "The statistics are always result columns, .statistic.",
        ["-S"] = Clusters,
        ["-T"] = Tfce,
        ["-permutations"] = "A number of permutations is --permutations 5000; a file of them is --permutations-file FILE.",
        ["-seed"] = "--perm-seed",
    };

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
        ["within"] = "--exchange within=COLUMN",
        ["whole"] = "--exchange whole=COLUMN",
        ["exchangewithin"] = "--exchange within=COLUMN",
        ["exchangewhole"] = "--exchange whole=COLUMN",
        ["ee"] = "--errors ee",
        ["ise"] = "--errors ise",
        ["signflip"] = "--errors ise",
        ["onesamplet"] = "A one-sample test is --formula 'FD ~ 1' with --contrast 'mean: Intercept'.",
        ["vg"] = "--variance-groups",
        ["variance"] = "--variance-groups",
        ["accel"] = "--tail gpd",
        ["approx"] = "--tail gpd",
        ["corrcon"] = "--fwe-over contrasts",
        ["strong"] = "--fwe-over contrasts",
        ["tfce"] = Tfce,
        ["tfce1d"] = Tfce,
        ["tfce2d"] = Diagonals,
        ["t2"] = Diagonals,
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
        ["threshold"] = Clusters,
        ["c"] = Clusters,
        ["s"] = "--surface",
        ["surf"] = "--surface",
        ["t"] = $"{Tfce} {Contrasts}",
        ["f"] = Contrasts,
        ["con"] = Contrasts,
        ["design"] = Design,
        ["ftests"] = "--f-test",
        ["x"] = $"{NullMaxima} {FamilyWise}",
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
        ["variancesmoothing"] = Smoothing,
        ["logp"] = "--log10-p",
        ["zstat"] = "z is the result column .z of every contrast.",
        ["savemax"] = NullMaxima,
        ["notest"] = "Leave out --permutations to compute statistics without permutation tests.",
        ["d"] = Design,
        ["permuteblocks"] = "--exchange whole=COLUMN",
        ["pmethodr"] = "--perm-method",
        ["pmethodp"] = "--perm-method",
        ["cstat"] = Clusters,
        ["saveperms"] = NullMaxima,
        ["v"] = Smoothing,
        ["i"] = Images,
        ["m"] = Images,
        ["demean"] = "The mean is removed by the formula's intercept.",
        ["o"] = "--analysis",
        ["uncorrp"] = "p-values of each element alone are the columns .p.value.perm.",
        ["fdr"] = "p-values corrected for the false discovery rate are the columns .p.value.perm.fdr.",
        ["savep"] = "p-values are always result columns, .p.value.perm and .p.value.fwe.",
        ["save1p"] = "Maps of 1 - p are written by 'hpcfit export --names fsl'.",
        ["npc"] = "Joint tests of several kinds of images are not offered.",
    };

    /// <summary>
    /// An option, perhaps with a value, or a sentence, for a name exactly as typed; null: there is no exact answer, or the command has no
    /// permutation tests.
    /// </summary>
    /// <param name="typed">The name with its dash.</param>
    /// <param name="options">The options of the command.</param>
    public static string? FindTyped(string typed, IReadOnlyList<string> options) =>
        HasPermutations(options) ? AfterOneDash.GetValueOrDefault(typed) : null;

    /// <summary>
    /// An option, perhaps with a value, or a sentence; null: the name is not known, or the command has no permutation tests.
    /// </summary>
    /// <param name="plain">The name without differences of spelling.</param>
    /// <param name="options">The options of the command.</param>
    public static string? Find(string plain, IReadOnlyList<string> options) =>
        HasPermutations(options) ? Names.GetValueOrDefault(plain) : null;

    private static bool HasPermutations(IReadOnlyList<string> options) =>
        options.Any(option => ForeignNames.Plain(option) == "permutations");
}
