namespace HpcFit.Shared.CommandLine;

/// <summary>Names that users know from ModelArray, mgcv and other programs, and what they are called here.</summary>
public static class ForeignNames
{
    private const string WrittenOnce = "Results are written once, at the end, as compressed 64-bit numbers.";

    private const string NoTileDB = "TileDB arrays are not written; the output is an HDF5 file.";

    /// <summary>An option here, or a sentence about what is done instead.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["ncores"] = "--workers",
        ["nthreads"] = "--threads",
        ["nworkers"] = "--workers",
        ["cores"] = "--workers",
        ["njobs"] = "--jobs",
        ["hdf5"] = "--data",
        ["h5"] = "--data",
        ["file"] = "--data",
        ["filename"] = "--data",
        ["hdf5path"] = "--data",
        ["modelarray"] = "--data",
        ["csv"] = "--phenotypes",
        ["cohort"] = "--phenotypes",
        ["participants"] = "--phenotypes",
        ["covariates"] = "--phenotypes",
        ["phenotypes"] = "--cohort",
        ["out"] = "--output",
        ["fnoutput"] = "--output",
        ["writeresultsfile"] = "--output",
        ["writeresultsname"] = "--analysis",
        ["analysisname"] = "--analysis",
        ["name"] = "--analysis",
        ["verbose"] = "--log-level",
        ["force"] = "--overwrite",
        ["outputdirectory"] = "--output-dir",
        ["outdir"] = "--output-dir",
        ["scalartypes"] = "--scalar",
        ["fun"] = "--function",
        ["userfun"] = "--function",
        ["writescalarname"] = "--write-scalar",
        ["outputtiledb"] = NoTileDB,
        ["tdbcompression"] = NoTileDB,
        ["tdbcompressionlevel"] = NoTileDB,
        ["tdbnoshuffle"] = NoTileDB,
        ["tdbtilevoxels"] = NoTileDB,
        ["tdbtargettilemb"] = NoTileDB,
        ["tdbworkers"] = NoTileDB,
        ["pbar"] = "Progress is shown without an option.",
        ["returnoutput"] = "Results are always in the file; 'export-table' prints them.",
        ["writeresultsflushevery"] = WrittenOnce,
        ["writeresultsstoragemode"] = WrittenOnce,
        ["writeresultscompressionlevel"] = WrittenOnce,
        ["naaction"] = "Subjects with a missing value are left out, as with R's na.omit.",
        ["offset"] = "An offset is a term of the formula: y ~ x + offset(z).",
    };

    /// <summary>
    /// The answer to a name that is not an option: the option of the same letters (<c>element.subset</c>), the option of another
    /// name, or a sentence; null: the name is not known.
    /// </summary>
    /// <param name="name">The name, with or without dashes.</param>
    /// <param name="options">The options of the command, with dashes or, for the keys of a file, without.</param>
    public static string? Answer(string name, IReadOnlyList<string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var plain = Plain(name);
        return ForeignPermutationNames.FindTyped(name, options) is { } typed ? Sentence(typed, options)
            : options.FirstOrDefault(option => Plain(option) == plain) is { } same ? Question(same)
            : (Names.GetValueOrDefault(plain) ?? ForeignPermutationNames.Find(plain, options)) is { } found ? Sentence(found, options)
            : null;
    }

    /// <summary>The answer of a table: a sentence as it is, an option and its value as a question; null: the command has no such
    /// option.</summary>
    private static string? Sentence(string found, IReadOnlyList<string> options)
    {
        if (!found.StartsWith('-'))
            return found;
        var words = found.Split(' ', 2);
        if (options.FirstOrDefault(option => Plain(option) == Plain(words[0])) is not { } here)
            return null;
        // A key of a file has its value in another place.
        return Question(words.Length > 1 && here.StartsWith('-') ? $"{here} {words[1]}" : here);
    }

    private static string Question(string here) => $"Did you mean '{here}'?";

    /// <summary>A name without differences of spelling: <c>--n-cores</c>, <c>n_cores</c> and <c>n.cores</c> are equal.</summary>
    public static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
