using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Objects of any kind.</summary>
/// <remarks>Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked (<see cref="Hdf5Status"/> checks).</remarks>
public static unsafe partial class H5O
{
    public static long open(long loc_id, string name, long lapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock) return H5Oopen(loc_id, name, lapl_id);
    }

    public static int exists_by_name(long loc_id, string name, long lapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock) return H5Oexists_by_name(loc_id, name, lapl_id);
    }

    public static int close(long object_id)
    {
        lock (Hdf5Library.Lock) return H5Oclose(object_id);
    }

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Oopen(long loc_id, string name, long lapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int H5Oexists_by_name(long loc_id, string name, long lapl_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Oclose(long object_id);
}
