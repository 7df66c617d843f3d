using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>The optional libdeflate: a copy that was installed with the program, or the system's.</summary>
public static class LibdeflateLibrary
{
    private static readonly string[] Candidates =
    [
        Path.Combine(AppContext.BaseDirectory, "hdf5", "libdeflate.so.0"),
        "libdeflate.so.0",
        "libdeflate.so",
    ];

    /// <summary>Whether it is installed, so that chunks are inflated and deflated by it.</summary>
    public static bool IsAvailable => LibdeflateInflater.IsAvailable;

    /// <summary>Loads it.</summary>
    /// <returns>Its handle; zero: it is not installed.</returns>
    internal static nint Load()
    {
        foreach (var candidate in Candidates)
            if (NativeLibrary.TryLoad(candidate, out var handle))
                return handle;
        return 0;
    }
}
