using System.Collections;

namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>
/// The variables of the submitting shell that decide which programs and libraries a job finds. Nothing else is passed on, in particular not
/// what describes the job that a command runs in.
/// </summary>
internal static class CarriedEnvironment
{
    private static readonly string[] Names =
    [
        "PATH",
        "LD_LIBRARY_PATH",
        "SLURM_CONF",
        "HDF5_PLUGIN_PATH",
        "HDF5_DIR",
        "HDF5_ROOT",
        "EBROOTHDF5",
        "HDF5_HOME",
        "CONDA_PREFIX",
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "R_HOME",
        "R_LIBS",
        "R_LIBS_USER",
        "R_LIBS_SITE",
        "LANG",
        "LANGUAGE",
        "TZ",
    ];

    /// <summary>Lists of folders: the entries that a site's script adds are kept, after the passed ones.</summary>
    private static readonly string[] Lists =
    [
        "PATH",
        "LD_LIBRARY_PATH",
        "HDF5_PLUGIN_PATH",
        "PYTHONPATH",
        "R_LIBS",
        "R_LIBS_USER",
        "R_LIBS_SITE",
    ];

    private static readonly string[] Prefixes = ["DOTNET_ROOT", "HPCFIT_", "LC_"];

    /// <summary>The variables of <paramref name="environment"/> that are passed to jobs, by name.</summary>
    /// <param name="environment">The environment of this process.</param>
    /// <param name="further">Names of further variables.</param>
    public static SortedDictionary<string, string> Collect(IDictionary environment, params IReadOnlyList<string> further)
    {
        var carried = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in environment)
        {
            var name = (string)entry.Key;
            if (Names.Contains(name) || further.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                carried[name] = (string?)entry.Value ?? "";
        }
        return carried;
    }

    /// <summary>The lines of a shell script that set the variables.</summary>
    public static string Exports(IEnumerable<KeyValuePair<string, string>> variables) =>
        string.Concat(
            variables.Select(pair =>
                "export "
                + $"{pair.Key}={ShellQuoting.Quote(pair.Value)}{(Lists.Contains(pair.Key) ? $"\"${{{pair.Key}:+:${pair.Key}}}\"" : "")}\n"
            )
        );
}
