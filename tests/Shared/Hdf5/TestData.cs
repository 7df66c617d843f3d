using System.Runtime.CompilerServices;

namespace HpcFit.Shared.Tests.Hdf5;

/// <summary>Files under tests/Data, found from this source file.</summary>
internal static class TestData
{
    public static string Oracle(string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Data", "oracle", "data", file));
}
