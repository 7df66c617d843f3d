namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>Debian's python3 with h5py, an independent program that creates and checks HDF5 files.</summary>
internal static class Python
{
    /// <summary>The program.</summary>
    public const string Path = "/usr/bin/python3";

    /// <summary>Runs a script of tests/EndToEnd/python.</summary>
    public static Finished Run(string script, params string[] arguments)
    {
        using var running = Running.Start(Path, [RepositoryRoot.Combine("tests", "EndToEnd", "python", script), .. arguments]);
        return running.Wait();
    }
}
