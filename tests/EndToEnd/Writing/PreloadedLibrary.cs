using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>A library of tests/EndToEnd/c that replaces calls of the C library in the programs under test.</summary>
internal static class PreloadedLibrary
{
    public static void Compile(string source, string library)
    {
        using var compiler = Running.Start(
            "gcc",
            ["-O1", "-shared", "-fPIC", "-o", library, RepositoryRoot.Combine("tests", "EndToEnd", "c", source), "-ldl"]
        );
        compiler.Wait().ShouldSucceed();
    }
}
