using HpcFit.Tests;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>Debian's python3 with h5py.</summary>
internal static class Python
{
    /// <summary>Runs a program and returns its output; empty if it fails, as on a partly written file, which may not open.</summary>
    public static string Run(string program) => PythonScript.Run(program).Output;
}
