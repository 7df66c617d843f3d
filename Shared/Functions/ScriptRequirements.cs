using System.Runtime.InteropServices;

namespace HpcFit.Shared.Functions;

/// <summary>
/// What C# scripts need in addition to the programs: their compiler computes checksums with .NET's cryptography, which ends the process if
/// it finds no OpenSSL. Nothing else in the programs uses it, compiled functions (<c>.dll</c>) included.
/// </summary>
public static class ScriptRequirements
{
    private const string Override = "CLR_OPENSSL_VERSION_OVERRIDE";

    /// <summary>The sonames that .NET looks for, newest first.</summary>
    private static readonly string[] Releases = ["3", "1.1", "1.0.2", "1.0.0", "10"];

    /// <summary>What to do on a machine without OpenSSL.</summary>
    public const string Remedy =
        "Install it (apt install libssl3 or libssl1.1, dnf install openssl-libs), or give the function as an assembly (.dll) that was "
        + "compiled on another machine.";

    /// <summary>Whether scripts can be compiled here.</summary>
    public static bool AreMet { get; } = Names().Any(name => NativeLibrary.TryLoad(name, out _));

    private static IEnumerable<string> Names() =>
        (Environment.GetEnvironmentVariable(Override) is { Length: > 0 } chosen ? Releases.Prepend(chosen) : Releases).Select(release =>
            $"libssl.so.{release}"
        );
}
