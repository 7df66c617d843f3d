using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

/// <summary>
/// The libraries that were copied together with libhdf5. The system's loader does not search the folder of a library for what this library
/// needs, but it accepts what the process has already loaded under the same soname.
/// </summary>
internal static class CompanionLibraries
{
    /// <summary>
    /// Loads the other libraries in a library's folder, each after those that it needs: whatever cannot be loaded yet is tried again, as
    /// long as others could be. What remains is reported by the attempt to load <paramref name="library"/>.
    /// </summary>
    public static void Load(string library)
    {
        var folder = Path.GetDirectoryName(library)!;
        if (!Directory.Exists(folder))
            return;
        var waiting = Directory.GetFiles(folder, "lib*.so*").Where(file => file != library).Order(StringComparer.Ordinal).ToList();
        while (waiting.RemoveAll(file => NativeLibrary.TryLoad(file, out _)) > 0) { }
    }
}
