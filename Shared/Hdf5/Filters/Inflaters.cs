using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Chooses the inflater: libdeflate if installed, otherwise .NET's zlib; <c>HPCFIT_INFLATE=zlib|libdeflate</c> selects one.
/// </summary>
internal static class Inflaters
{
    /// <summary>The variable that selects one by name.</summary>
    public const string Variable = "HPCFIT_INFLATE";

    /// <summary>Creates the inflater that the environment selects.</summary>
    public static IInflater Create() => Create(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Creates an inflater by name; null or empty: the fastest available.</summary>
    /// <exception cref="UsageException">The name is unknown, or libdeflate was selected but is not installed.</exception>
    public static IInflater Create(string? name) =>
        name switch
        {
            null or "" => LibdeflateInflater.TryCreate() ?? (IInflater)new ZLibInflater(),
            "zlib" => new ZLibInflater(),
            "libdeflate" => LibdeflateInflater.TryCreate()
                ?? throw new UsageException(
                    $"{Variable}=libdeflate, but libdeflate.so.0 is not on this machine. Install it (Debian: libdeflate0), or unset "
                        + $"{Variable}."
                ),
            _ => throw new UsageException($"{Variable}={name} is unknown; zlib or libdeflate was expected."),
        };
}
