using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Error stacks.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5E
{
    public const long DEFAULT = 0;

    public const int WALK_DOWNWARD = 1;

    public static int set_auto(long estack_id, nint func, nint client_data)
    {
        lock (Hdf5Library.Lock)
            return H5Eset_auto2(estack_id, func, client_data);
    }

    public static int clear(long estack_id)
    {
        lock (Hdf5Library.Lock)
            return H5Eclear2(estack_id);
    }

    public static int walk(long estack_id, int direction, nint func, nint client_data)
    {
        lock (Hdf5Library.Lock)
            return H5Ewalk2(estack_id, direction, func, client_data);
    }

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Eset_auto2(long estack_id, nint func, nint client_data);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Eclear2(long estack_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Ewalk2(long estack_id, int direction, nint func, nint client_data);
}
