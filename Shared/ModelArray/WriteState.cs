using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// The marker of an analysis that HpcFit writes, by which a half-written one is recognised even in a copy of the file without its undo
/// journal. Analyses of other programs have none.
/// </summary>
public static class WriteState
{
    /// <summary>The attribute of <c>/results/&lt;analysis&gt;</c>.</summary>
    public const string Attribute = "hpcfit_state";

    /// <summary>Values are missing. Has the length of <see cref="Complete"/>, which overwrites it.</summary>
    public const string Writing = "writing\0";

    /// <summary>All values have been written.</summary>
    public const string Complete = "complete";

    /// <summary>Refuses a file with a half-written analysis.</summary>
    /// <exception cref="BadInputException">There is one; the message names it.</exception>
    public static void RequireComplete(Hdf5ReadFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Kind("/results") != Hdf5NodeKind.Group)
            return;
        foreach (var analysis in file.Children("/results"))
            RequireComplete(file, analysis);
    }

    private static void RequireComplete(Hdf5ReadFile file, string analysis)
    {
        if (file.TextAttribute("/results/" + analysis, Attribute) != Writing.TrimEnd('\0'))
            return;
        throw new BadInputException(
            $"'{file.Path}' is half-written: a write of its analysis '{analysis}' was interrupted, or is in progress. If its undo "
                + "journal is in the same folder, "
                + $"'{TypedCommand.Line("recover", file.Path)}' restores the file from before the write. This one is a copy, or was "
                + "renamed: recover the original and copy it again, or take a backup."
        );
    }
}
