using HpcFit.Tests;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>Debian's python3 with h5py, an independent program that creates and checks HDF5 files.</summary>
internal static class Python
{
    /// <summary>The program.</summary>
    public const string Path = "/usr/bin/python3";

    /// <summary>Runs a script of tests/EndToEnd/python.</summary>
    public static Finished Run(string script, params string[] arguments)
    {
        var end = PythonScript.Run(File.ReadAllText(RepositoryRoot.Combine("tests", "EndToEnd", "python", script)), arguments);
        return new($"{script} {string.Join(' ', arguments)}", end.ExitCode, end.Output, end.Errors);
    }
}
