using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Chooses the inflater: libdeflate where the site has it, else .NET's zlib; <c>HPCFIT_INFLATE=zlib|libdeflate</c> decides by name.
/// </summary>
internal static class Inflaters
{
    /// <summary>The variable that selects one by name.</summary>
    public const string Variable = "HPCFIT_INFLATE";

    /// <summary>A new inflater by the environment's choice.</summary>
    public static IInflater Create() => Create(Environment.GetEnvironmentVariable(Variable));

    /// <summary>A new inflater by name; null or empty: the fastest there is.</summary>
    /// <exception cref="UsageException">The name is unknown, or libdeflate was asked for and is not there.</exception>
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
            _ => throw new UsageException($"{Variable}={name} is unknown; zlib and libdeflate are the choices."),
        };
}
