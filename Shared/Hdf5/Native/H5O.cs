using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Objects of any kind.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5O
{
    private const uint INFO_BASIC = 1;

    public static long open(long loc_id, string name, long lapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Oopen(loc_id, name, lapl_id);
    }

    public static int exists_by_name(long loc_id, string name, long lapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Oexists_by_name(loc_id, name, lapl_id);
    }

    /// <summary>
    /// Visits every object reachable by hard links once; its name is relative to <paramref name="obj_id"/>, which itself is <c>.</c>.
    /// </summary>
    /// <remarks>
    /// <c>op</c> is <c>int (hid_t obj, const char *name, const H5O_info1_t *info, void *op_data)</c>; exported from 1.10.3 to 2.x.
    /// </remarks>
    public static int visit(long obj_id, int idx_type, int order, delegate* unmanaged<long, byte*, nint, nint, int> op, nint op_data)
    {
        lock (Hdf5Library.Lock)
            return H5Ovisit2(obj_id, idx_type, order, op, op_data, INFO_BASIC);
    }

    public static int copy(
        long src_loc_id,
        string src_name,
        long dst_loc_id,
        string dst_name,
        long ocpypl_id = H5P.DEFAULT,
        long lcpl_id = H5P.DEFAULT
    )
    {
        lock (Hdf5Library.Lock)
            return H5Ocopy(src_loc_id, src_name, dst_loc_id, dst_name, ocpypl_id, lcpl_id);
    }

    public static int close(long object_id)
    {
        lock (Hdf5Library.Lock)
            return H5Oclose(object_id);
    }

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Oopen(long loc_id, string name, long lapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int H5Oexists_by_name(long loc_id, string name, long lapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int H5Ocopy(long src_loc_id, string src_name, long dst_loc_id, string dst_name, long ocpypl_id, long lcpl_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Ovisit2(
        long obj_id,
        int idx_type,
        int order,
        delegate* unmanaged<long, byte*, nint, nint, int> op,
        nint op_data,
        uint fields
    );

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Oclose(long object_id);
}
