using HpcFit.Shared.Failures;
using HpcFit.Shared.Functions;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Diagnosis;

/// <summary>The native libraries.</summary>
internal static class LibraryChecks
{
    /// <summary>The findings.</summary>
    public static IEnumerable<Finding> All()
    {
        var openSsl = OpenSsl(); // first: a copied HDF5 can bring a libssl of its own, which scripts do not have
        return [Hdf5(), Libdeflate(), openSsl];
    }

    private static Finding Hdf5()
    {
        try
        {
            var threads = Hdf5Library.IsThreadSafe ? ", thread-safe" : "";
            return new("HDF5", FindingState.Ok, $"{Hdf5Library.Version}{threads}: {Hdf5Library.LoadedFile}")
            {
                File = Hdf5Library.LoadedFile,
            };
        }
        catch (HpcFitException absent)
        {
            return new(
                "HDF5",
                FindingState.Missing,
                absent.Message,
                $"Load a module of HDF5 {Hdf5Library.OldestSupported} or newer, or install it: apt install libhdf5-103-1, dnf install hdf5."
            );
        }
    }

    private static Finding Libdeflate() =>
        LibdeflateLibrary.IsAvailable
            ? new("libdeflate", FindingState.Ok, "found: chunks are inflated and deflated by it")
            : new(
                "libdeflate",
                FindingState.Warning,
                "not found: .NET's zlib is used, which takes about half as long again",
                "Install it: apt install libdeflate0, dnf install libdeflate."
            );

    private static Finding OpenSsl() =>
        ScriptRequirements.AreMet
            ? new("OpenSSL", FindingState.Ok, "found: --model custom can run C# scripts (.csx)")
            : new("OpenSSL", FindingState.Warning, "not found: --model custom cannot run C# scripts (.csx)", ScriptRequirements.Remedy);
}
