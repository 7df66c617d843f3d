namespace HpcFit.Shared.Hdf5.Native;

/// <summary>A location where libhdf5 is searched for.</summary>
/// <param name="Path">A file, or a bare name for the system's loader (which reads <c>LD_LIBRARY_PATH</c> and ld.so.cache).</param>
/// <param name="Reason">Why it is tried, for the failure message.</param>
/// <param name="HasCompanions">Whether the libraries that it needs are in its folder.</param>
internal readonly record struct Hdf5LibraryCandidate(string Path, string Reason, bool HasCompanions = false);

/// <summary>The locations where libhdf5 is searched for: a pure function of the environment, so that the order can be tested without
/// libraries.</summary>
internal static class Hdf5LibrarySearch
{
    /// <summary>The environment variable with the user's choice; if set, nothing else is tried.</summary>
    public const string Variable = "HPCFIT_HDF5_LIBRARY";

    /// <summary>The folder next to the programs into which the installer copies HDF5 and the libraries that it needs.</summary>
    private const string CopiedFolder = "hdf5";

    /// <summary>The sonames of the releases from 1.10 to 2.x, in the order of preference; Debian adds <c>_serial</c>.</summary>
    private static readonly string[] Sonames = ["103", "200", "310", "320", "101", "100"];

    private static readonly string[] ModuleVariables = ["HDF5_DIR", "HDF5_ROOT", "EBROOTHDF5", "HDF5_HOME", "CONDA_PREFIX"];

    /// <summary>The candidates in the order in which they are tried.</summary>
    /// <param name="environment">Reads an environment variable; null when unset.</param>
    /// <param name="programFolder">The folder of the running program: it may contain a library.</param>
    public static IEnumerable<Hdf5LibraryCandidate> Candidates(Func<string, string?> environment, string programFolder)
    {
        if (environment(Variable) is { Length: > 0 } chosen)
        {
            yield return new(chosen, Variable);
            yield break;
        }
        yield return new(Path.Combine(programFolder, "libhdf5.so"), "next to the program");
        yield return new(Path.Combine(programFolder, CopiedFolder, "libhdf5.so"), "installed with the program", HasCompanions: true);
        foreach (var variable in ModuleVariables)
        {
            if (environment(variable) is not { Length: > 0 } root)
                continue;
            yield return new(Path.Combine(root, "lib", "libhdf5.so"), variable);
            yield return new(Path.Combine(root, "lib64", "libhdf5.so"), variable);
        }
        foreach (var soname in Sonames)
        {
            yield return new($"libhdf5.so.{soname}", "system loader");
            yield return new($"libhdf5_serial.so.{soname}", "system loader, Debian and Ubuntu");
        }
        yield return new("libhdf5.so", "system loader, development package");
        yield return new("libhdf5_serial.so", "system loader, development package");
        yield return new("/usr/lib64/libhdf5.so", "RHEL, SUSE");
    }

    /// <summary>The message if no candidate can be used.</summary>
    /// <param name="outcomes">One line per candidate: what was tried and what happened.</param>
    public static string NotFound(IEnumerable<string> outcomes) =>
        $"""
            No usable HDF5 library (libhdf5 {Hdf5Library.OldestSupported} or newer) was found. Looked for:
              {string.Join("\n  ", outcomes)}
            To install it:
              Debian, Ubuntu:  sudo apt-get install libhdf5-103-1   (newer releases: libhdf5-310; any: libhdf5-dev)
              RHEL, Rocky:     sudo dnf install hdf5                (from EPEL)
              conda, mamba:    conda install -c conda-forge hdf5    and activate that environment
              modules:         module load hdf5                     (sets HDF5_DIR, HDF5_ROOT or EBROOTHDF5)
            or name the file itself: export {Variable}=/path/to/libhdf5.so
            """;
}
