using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Groups.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5G
{
    public static long open(long loc_id, string name, long gapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Gopen2(loc_id, name, gapl_id);
    }

    public static long create(long loc_id, string name, long lcpl_id = H5P.DEFAULT, long gcpl_id = H5P.DEFAULT, long gapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Gcreate2(loc_id, name, lcpl_id, gcpl_id, gapl_id);
    }

    public static int close(long group_id)
    {
        lock (Hdf5Library.Lock)
            return H5Gclose(group_id);
    }

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Gopen2(long loc_id, string name, long gapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Gcreate2(long loc_id, string name, long lcpl_id, long gcpl_id, long gapl_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Gclose(long group_id);
}
