using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Filters.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static partial class H5Z
{
    /// <summary>Positive if the library or a plugin on HDF5_PLUGIN_PATH provides the filter.</summary>
    public static int filter_avail(int id)
    {
        lock (Hdf5Library.Lock)
            return H5Zfilter_avail(id);
    }

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Zfilter_avail(int id);
}
