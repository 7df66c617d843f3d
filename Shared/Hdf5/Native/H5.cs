using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>The library as a whole.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5
{
    public static int get_libversion(out uint majnum, out uint minnum, out uint relnum)
    {
        lock (Hdf5Library.Lock)
            return H5get_libversion(out majnum, out minnum, out relnum);
    }

    public static int free_memory(nint mem)
    {
        lock (Hdf5Library.Lock)
            return H5free_memory(mem);
    }

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5get_libversion(out uint majnum, out uint minnum, out uint relnum);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5free_memory(nint mem);
}
