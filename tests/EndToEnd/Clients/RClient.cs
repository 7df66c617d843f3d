using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Clients;

/// <summary>The R package (deploy/clients/R), installed once per run of the tests.</summary>
internal static class RClient
{
    private static readonly Lazy<string> Installed = new(Install);

    /// <summary>The sources of the package.</summary>
    public static string Source { get; } = RepositoryRoot.Combine("deploy", "clients", "R");

    /// <summary>The library of R in which the package is installed: for R_LIBS.</summary>
    public static string Library => Installed.Value;

    private static string Install()
    {
        var library = RepositoryRoot.Combine(".build", "r-library");
        Directory.CreateDirectory(library);
        using var running = Running.Start("R", ["CMD", "INSTALL", $"--library={library}", Source]);
        running.Wait().ShouldSucceed();
        return library;
    }
}
