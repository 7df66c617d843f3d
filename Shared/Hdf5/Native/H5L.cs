using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Links.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5L
{
    public const int INDEX_NAME = 0;
    public const int ITER_INC = 0;

    public static int exists(long loc_id, string name, long lapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Lexists(loc_id, name, lapl_id);
    }

    public static int delete(long loc_id, string name, long lapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Ldelete(loc_id, name, lapl_id);
    }

    public static int move(
        long src_loc,
        string src_name,
        long dst_loc,
        string dst_name,
        long lcpl_id = H5P.DEFAULT,
        long lapl_id = H5P.DEFAULT
    )
    {
        lock (Hdf5Library.Lock)
            return H5Lmove(src_loc, src_name, dst_loc, dst_name, lcpl_id, lapl_id);
    }

    public static nint get_name_by_idx(
        long loc_id,
        string group_name,
        int idx_type,
        int order,
        ulong n,
        byte* name,
        nint size,
        long lapl_id = H5P.DEFAULT
    )
    {
        lock (Hdf5Library.Lock)
            return H5Lget_name_by_idx(loc_id, group_name, idx_type, order, n, name, size, lapl_id);
    }

    public static int get_val(long loc_id, string name, byte* buffer, nint size, long lapl_id)
    {
        lock (Hdf5Library.Lock)
            return H5Lget_val(loc_id, name, buffer, size, lapl_id);
    }

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int H5Lexists(long loc_id, string name, long lapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int H5Lmove(long src_loc, string src_name, long dst_loc, string dst_name, long lcpl_id, long lapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int H5Ldelete(long loc_id, string name, long lapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint H5Lget_name_by_idx(
        long loc_id,
        string group_name,
        int idx_type,
        int order,
        ulong n,
        byte* name,
        nint size,
        long lapl_id
    );

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int H5Lget_val(long loc_id, string name, byte* buffer, nint size, long lapl_id);
}
