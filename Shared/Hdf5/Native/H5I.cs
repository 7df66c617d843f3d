using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Identifiers.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5I
{
    public const int GROUP = 2;
    public const int DATASET = 5;

    public static int get_type(long obj_id)
    {
        lock (Hdf5Library.Lock)
            return H5Iget_type(obj_id);
    }

    public static int is_valid(long obj_id)
    {
        lock (Hdf5Library.Lock)
            return H5Iis_valid(obj_id);
    }

    public static long get_file_id(long obj_id)
    {
        lock (Hdf5Library.Lock)
            return H5Iget_file_id(obj_id);
    }

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Iget_type(long obj_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Iget_file_id(long obj_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Iis_valid(long obj_id);
}
